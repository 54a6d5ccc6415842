-- Verified, a number is one person's; what was only typed may be anybody's slip.
create unique index person_identity_verified on person_identity (fingerprint) where verified_at is not null;
