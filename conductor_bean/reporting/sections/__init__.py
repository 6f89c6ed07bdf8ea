"""The sections of a report, each made of the documents of the region's pages."""
