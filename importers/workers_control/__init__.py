"""Import the database of a Workers Control app as the folder of a region."""
