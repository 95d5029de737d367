#!/bin/sh
# Creates the database of Moa and the role that owns it, which is no superuser. The image of
# PostgreSQL runs this once, when its volume is empty.
set -eu
psql --set ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname postgres << 'SQL'
\set password `cat /run/secrets/moa-password`
create role moa login password :'password';
create database moa owner moa;
revoke connect on database moa from public;
SQL
