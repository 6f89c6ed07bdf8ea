"""The Workers Control app itself as a witness: what it really computed, against what we compute."""
