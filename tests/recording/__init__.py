"""Tests of recording: `conductor add`, where entries live, reversals, writing of files."""
