-- Run once, by a superuser: the role fuota owns the schema fuota in the database fuota, and can do nothing else.
--
--   sudo -u postgres psql -v ON_ERROR_STOP=1 < deploy/postgresql.sql
--   sudo -u postgres psql -c '\password fuota'
--
-- The second command asks for a password, and sends only its hash. Without one, nobody logs in as fuota over the network.
CREATE ROLE fuota LOGIN;
CREATE DATABASE fuota TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE fuota FROM PUBLIC;
GRANT CONNECT ON DATABASE fuota TO fuota;
ALTER ROLE fuota IN DATABASE fuota SET search_path = fuota;
\connect fuota
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA fuota AUTHORIZATION fuota;
