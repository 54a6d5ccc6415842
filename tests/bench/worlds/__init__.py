"""Worlds for measuring, built by COPY and set-based SQL: what services write, without their verbs."""
