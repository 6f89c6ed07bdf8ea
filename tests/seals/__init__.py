"""Tests of seals, and of the check that goes on from them."""
