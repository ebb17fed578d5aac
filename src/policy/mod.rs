//! `orgwarden.yaml`: what this org expects of which app. Verdicts become findings here, once.
