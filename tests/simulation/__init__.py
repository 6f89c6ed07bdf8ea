"""Tests of `conductor simulate`."""
