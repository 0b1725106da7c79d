-- The third version: what a contact takes for an hour, in cents, so that sums are exact.

ALTER TABLE contact ADD COLUMN fee INTEGER CHECK (fee >= 0);
