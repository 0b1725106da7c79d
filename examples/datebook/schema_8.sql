-- Version 8: an export in the order of time needs an index with no other column before.

CREATE INDEX appointment_by_time ON appointment (by_time);
