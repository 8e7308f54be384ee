-- 0001 initial
--
-- Everything Parley remembers. Tables of later features exist from the start so that the model is one
-- picture; no code reads them before their feature comes.
--
-- Conventions: ids and times (Unix ms, UTC) come from the application. What a tenant owns has the key
-- (tenant_id, id), and whatever points at it repeats the tenant, so that a row can never be reached
-- through another tenant. Lists and small objects are JSON text, written and read whole.

create table schema_migrations (
  name text primary key,
  applied_at integer not null
) strict;

-- Facts about this Parley itself, e.g. the value that tells whether secret.key is the right one.
create table instance (
  key text primary key,
  value text not null
) strict;

create table tenants (
  -- Short stand-in for the id: the search index prefixes every term with it.
  number integer primary key autoincrement,
  id text not null unique,
  name text not null check (length(name) > 0),
  slug text not null unique,
  embed_key text not null unique,
  -- When the tenant's turn in the job queue came last, as a counter: tenants take turns.
  last_job_turn integer not null default 0,
  created_at integer not null
) strict;

create table users (
  id text primary key,
  email text not null unique check (email = lower(email)),
  name text not null,
  password_hash text not null,
  operator integer not null default 0 check (operator in (0, 1)),
  disabled integer not null default 0 check (disabled in (0, 1)),
  created_at integer not null
) strict;

create table memberships (
  user_id text not null references users (id) on delete cascade,
  tenant_id text not null references tenants (id) on delete cascade,
  role text not null check (role in ('owner', 'admin', 'agent', 'viewer')),
  created_at integer not null,
  primary key (user_id, tenant_id)
) strict;
create index memberships_by_tenant on memberships (tenant_id);

-- Sign-ins. Only the hash of the token's jti is kept: a stolen database signs nobody in.
create table sessions (
  id_hash text primary key,
  user_id text not null references users (id) on delete cascade,
  created_at integer not null,
  last_seen_at integer not null,
  expires_at integer not null
) strict;
create index sessions_by_user on sessions (user_id);
create index sessions_by_expiry on sessions (expires_at);

-- Counters that must survive a restart, so that restarting is no way around a limit.
create table throttles (
  key text primary key,
  count integer not null check (count > 0),
  window_ends_at integer not null
) strict;

create table llm_configs (
  tenant_id text not null references tenants (id),
  id text not null,
  provider text not null check (provider in ('extractive', 'openai', 'anthropic', 'ollama')),
  base_url text,
  -- Sealed; see src/secrets.
  api_key text,
  model text not null,
  temperature real not null check (temperature between 0 and 2),
  max_tokens integer not null check (max_tokens > 0),
  system_prompt text not null,
  is_default integer not null default 1 check (is_default in (0, 1)),
  updated_at integer not null,
  primary key (tenant_id, id)
) strict;
create unique index llm_configs_one_default on llm_configs (tenant_id) where is_default = 1;

create table widget_configs (
  tenant_id text primary key references tenants (id),
  display_name text not null,
  subtitle text not null,
  greeting text not null,
  primary_color text not null check (primary_color glob '#[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]'),
  theme text not null check (theme in ('light', 'dark', 'auto')),
  position text not null check (position in ('bottom-right', 'bottom-left')),
  logo_file text,
  allowed_domains text not null check (json_valid(allowed_domains)),
  suggested_questions text not null check (json_valid(suggested_questions)),
  updated_at integer not null
) strict;

create table knowledge_sources (
  tenant_id text not null references tenants (id),
  id text not null,
  title text not null,
  filename text not null,
  format text,
  status text not null check (status in ('queued', 'processing', 'ready', 'failed')),
  progress real check (progress between 0 and 1),
  stage text,
  error_code text,
  error_message text,
  warnings text not null default '[]' check (json_valid(warnings)),
  chunk_count integer not null default 0,
  -- Index terms of all current chunks: their mean length is part of every BM25 score.
  term_count integer not null default 0,
  -- How many current chunks are in which language, so that a search need not read the chunks for it.
  languages text not null default '{}' check (json_valid(languages)),
  page_count integer,
  byte_size integer not null check (byte_size >= 0),
  content_hash text,
  file_id text,
  tags text not null default '[]' check (json_valid(tags)),
  -- The version whose chunks are visible; null before the first one is complete.
  current_version integer,
  created_at integer not null,
  updated_at integer not null,
  deleted_at integer,
  primary key (tenant_id, id)
) strict;
create unique index knowledge_sources_by_version on knowledge_sources (current_version) where current_version is not null;
create index knowledge_sources_by_time on knowledge_sources (tenant_id, created_at, id) where deleted_at is null;
create index knowledge_sources_by_hash on knowledge_sources (tenant_id, content_hash) where content_hash is not null;

-- One row for each set of chunks that was begun. A set becomes visible when its source names it as
-- current_version; the others are being written, or left over from a crash and swept.
create table chunk_versions (
  version integer primary key autoincrement,
  tenant_id text not null,
  source_id text not null,
  unique (version, tenant_id, source_id),
  foreign key (tenant_id, source_id) references knowledge_sources (tenant_id, id)
) strict;
create index chunk_versions_by_source on chunk_versions (tenant_id, source_id);

create table document_chunks (
  -- Row id of the chunk in chunks_fts as well: version * 2^20 + ordinal, so that the search can tell
  -- from the row id alone whether a hit is visible.
  number integer primary key,
  id text not null unique,
  tenant_id text not null,
  source_id text not null,
  version integer not null,
  ordinal integer not null check (ordinal between 0 and 1048575),
  content text not null,
  heading_path text not null check (json_valid(heading_path)),
  page integer,
  language text not null,
  token_count integer not null,
  title_terms text not null,
  heading_terms text not null,
  content_terms text not null,
  check (number = version * 1048576 + ordinal),
  unique (version, ordinal),
  foreign key (version, tenant_id, source_id) references chunk_versions (version, tenant_id, source_id)
) strict;

-- Terms are made by the application and separated by spaces, so every character but white space is part
-- of a term. Each term carries its tenant's number ("7~urlaub"): another tenant's rows are not filtered
-- out of a search, they are never read. Contentless, because document_chunks has the terms already.
create virtual table chunks_fts using fts5 (
  title,
  headings,
  content,
  content = '',
  contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cf Cn Cs'"
);

-- By itself FTS5 merges its segments inside whatever commit comes along, for as long as it takes. The
-- application merges in small steps instead, after each batch that it writes.
insert into chunks_fts (chunks_fts, rank) values ('automerge', 0);
insert into chunks_fts (chunks_fts, rank) values ('crisismerge', 500);

create table embedding_indexes (
  id text primary key,
  model text not null,
  -- A vector table has one width, so each model and width is an index of its own.
  dimensions integer not null check (dimensions > 0),
  manifest text not null check (json_valid(manifest)),
  state text not null check (state in ('building', 'active', 'retired')),
  created_at integer not null,
  unique (model, dimensions)
) strict;
create unique index embedding_indexes_one_active on embedding_indexes (state) where state = 'active';

create table db_connections (
  tenant_id text not null references tenants (id),
  id text not null,
  name text not null,
  kind text not null check (kind in ('postgres', 'mysql', 'mongodb')),
  host text not null,
  port integer not null check (port between 1 and 65535),
  database_name text not null,
  username text,
  -- Sealed; see src/secrets.
  password text,
  options text not null default '{}' check (json_valid(options)),
  created_at integer not null,
  updated_at integer not null,
  primary key (tenant_id, id),
  unique (tenant_id, name)
) strict;

create table tools (
  tenant_id text not null references tenants (id),
  id text not null,
  name text not null,
  kind text not null check (kind in ('rest', 'database-query', 'table-query')),
  description text not null,
  definition text not null check (json_valid(definition)),
  connection_id text,
  enabled integer not null default 0 check (enabled in (0, 1)),
  created_at integer not null,
  updated_at integer not null,
  primary key (tenant_id, id),
  unique (tenant_id, name),
  foreign key (tenant_id, connection_id) references db_connections (tenant_id, id)
) strict;

create table chat_sessions (
  tenant_id text not null references tenants (id),
  id text not null unique,
  -- The conversation the visitor sees. No foreign key: a session outlives a conversation that was deleted.
  conversation_id text not null,
  visitor text check (visitor is null or json_valid(visitor)),
  origin text,
  -- SHA-256, hex, of the token in the visitor's browser.
  token_hash text not null unique,
  -- The last sequence number that was handed out.
  last_sequence integer not null default 0,
  created_at integer not null,
  expires_at integer not null,
  primary key (tenant_id, id)
) strict;
create index chat_sessions_by_origin on chat_sessions (tenant_id, origin, created_at) where origin is not null;

create table conversations (
  tenant_id text not null,
  id text not null,
  session_id text not null,
  title text,
  visitor text check (visitor is null or json_valid(visitor)),
  page text check (page is null or json_valid(page)),
  message_count integer not null default 0,
  last_outcome text check (last_outcome in ('answered', 'abstained', 'failed', 'interrupted')),
  created_at integer not null,
  updated_at integer not null,
  deleted_at integer,
  primary key (tenant_id, id),
  foreign key (tenant_id, session_id) references chat_sessions (tenant_id, id)
) strict;
create index conversations_by_activity on conversations (tenant_id, updated_at, id)
  where deleted_at is null and message_count > 0;
create index conversations_by_session on conversations (tenant_id, session_id);

create table messages (
  -- The order of a conversation is the order of arrival; clocks step back.
  number integer primary key autoincrement,
  tenant_id text not null,
  id text not null,
  conversation_id text not null,
  -- Whose browser sent it or is answered.
  session_id text not null,
  role text not null check (role in ('user', 'assistant', 'agent', 'system', 'tool')),
  content text not null,
  citations text not null default '[]' check (json_valid(citations)),
  status text not null check (status in ('streaming', 'complete', 'interrupted', 'failed')),
  abstained integer not null default 0 check (abstained in (0, 1)),
  nearest text not null default '[]' check (json_valid(nearest)),
  error_code text,
  rating text check (rating in ('helpful', 'unhelpful')),
  rating_comment text,
  rated_at integer,
  client_id text,
  -- For an answer: the message it answers.
  question_id text,
  created_at integer not null,
  unique (tenant_id, id),
  foreign key (tenant_id, conversation_id) references conversations (tenant_id, id)
) strict;
create index messages_by_conversation on messages (tenant_id, conversation_id, number);
create index messages_by_time on messages (tenant_id, role, created_at);
create index messages_by_question on messages (tenant_id, question_id) where question_id is not null;
-- A question sent again after a broken connection is the same question.
create unique index messages_once_per_client_id on messages (session_id, client_id) where client_id is not null;
-- Two answers at once in one conversation would be told apart by nobody.
create unique index messages_one_streaming on messages (tenant_id, conversation_id) where status = 'streaming';

create table turn_traces (
  tenant_id text not null,
  message_id text not null,
  trace text not null check (json_valid(trace)),
  -- Taken out of the trace for the dashboard's median.
  first_token_ms real,
  created_at integer not null,
  primary key (tenant_id, message_id),
  foreign key (tenant_id, message_id) references messages (tenant_id, id) on delete cascade
) strict;
create index turn_traces_by_time on turn_traces (tenant_id, created_at);

-- What the provider billed. No foreign key to the message: a budget counts what was spent, also when the
-- conversation is deleted. Holds no text.
create table usage (
  tenant_id text not null references tenants (id),
  message_id text not null,
  provider text not null,
  model text not null,
  input_tokens integer,
  output_tokens integer,
  created_at integer not null,
  primary key (tenant_id, message_id)
) strict;
create index usage_by_time on usage (tenant_id, created_at);

create table jobs (
  number integer primary key autoincrement,
  id text not null unique,
  tenant_id text not null references tenants (id),
  kind text not null check (kind in ('ingest', 'purge-source', 'purge-conversation')),
  subject text not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  attempts integer not null default 0,
  progress real not null default 0 check (progress between 0 and 1),
  stage text,
  error_code text,
  error_message text,
  run_at integer not null,
  -- Until then the job belongs to whoever claimed it.
  lease_until integer,
  created_at integer not null,
  updated_at integer not null
) strict;
create index jobs_waiting on jobs (run_at) where state = 'queued';
create index jobs_running on jobs (lease_until) where state = 'running';
create index jobs_by_subject on jobs (tenant_id, subject);

-- Append-only, and each row's hash covers the row before it, so that a changed or missing row shows.
-- No foreign keys: the log says what happened, whatever is deleted later.
create table audit_log (
  id integer primary key autoincrement,
  at integer not null,
  tenant_id text,
  actor text not null,
  address text,
  request_id text,
  action text not null,
  target text,
  changes text check (changes is null or json_valid(changes)),
  hash text not null
) strict;
create index audit_log_by_tenant on audit_log (tenant_id, id);

create trigger audit_log_no_update before update on audit_log
begin
  select raise(abort, 'the audit log is append-only');
end;

create trigger audit_log_no_delete before delete on audit_log
begin
  select raise(abort, 'the audit log is append-only');
end;
