"""The rules of the region's economy, pure: no Beancount, no files of a ledger, no clock."""
