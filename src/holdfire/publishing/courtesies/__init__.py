"""The record in formats that others read: W3C PROV, ClaimReview, RO-Crate. Nothing rests on them."""
