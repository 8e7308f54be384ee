/**
 * What a model could be brought to write, by somebody who talks to it or by a text that it reads: statements that change,
 * lock, wait, look where they must not, or hide what they are. None of them may run. `people` and `orders` may be asked,
 * `people.email` is masked, `salaries` is another table.
 */
const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** Of every SQL database. */
const COMMON = lines(`
  insert into people (id) values (99)
  update people set name = 'x'
  delete from people
  drop table people
  truncate table people
  create table copied as select * from people
  alter table people add column extra int
  grant all on people to public
  commit
  rollback
  begin
  set transaction read write
  select 1; delete from people
  select 1; commit; drop table people
  select * from people; select * from salaries
  ; select 1
  select * from salaries
  select * from people, salaries
  select * from people join salaries on true
  select * from people left join salaries on salaries.id = people.id
  select * from people where id in (select id from salaries)
  select (select max(amount) from salaries)
  select * from people where exists (select 1 from salaries)
  select * from (select * from salaries) q
  select id from people union select id from salaries
  select id from people union all select id from salaries
  select id from people except select id from salaries
  select id from people intersect select id from salaries
  with s as (select * from salaries) select * from s
  with salaries as (select * from salaries) select * from salaries
  with a as (select 1), b as (select * from salaries) select * from a
  select (with salaries as (select 1 as amount) select amount from salaries), amount from salaries
  select * from people p cross join lateral (select * from salaries) q
  select case when id = 1 then (select max(amount) from salaries) end from people
  select * from people order by (select max(amount) from salaries)
  select name from people group by name having max(id) < (select max(amount) from salaries)
  select * from people limit (select count(*) from salaries)
  select * from people for update
  select * from people for share
  select * from information_schema.tables
  select * from information_schema.columns
  select current_user
  select session_user
  select count(*) over w from people window w as (partition by (select amount from salaries))
  explain select * from people
  table salaries
  select * from (table salaries) q
  do sleep(1)
  call grow()
  select grow()
  select repeat('x', 100000000)
  select lpad('x', 100000000, 'y')
  shutdown
  selec * from people
  select * from people where
  select * from "salaries"
`);

export const HOSTILE_POSTGRES = [
  ...COMMON,
  ...lines(String.raw`
  select name from public.salaries
  select * from PUBLIC.SALARIES
  select * from U&"\0073alaries"
  select * from U&"salarie!0073" uescape '!'
  select * from only people
  select * from people tablesample system (10)
  select * from company.public.people
  select public.people.name from people
  select * into copied from people
  select * into temp copied from people
  with gone as (delete from people returning *) select * from gone
  with new as (insert into people (id) values (7) returning *) select * from new
  with changed as (update people set name = 'x' returning *) select * from changed
  merge into people using orders on true when matched then delete
  select * from people for no key update
  select * from people for key share skip locked
  lock table people
  copy people to '/tmp/people'
  copy people to program 'id'
  copy people from '/etc/passwd'
  select pg_sleep(60)
  select pg_sleep_for('1 minute')
  select pg_catalog.pg_sleep(60)
  select * from people where pg_sleep(60) is null
  select pg_read_file('/etc/passwd')
  select pg_read_binary_file('/etc/passwd')
  select * from pg_ls_dir('/')
  select pg_stat_file('/etc/passwd')
  select lo_import('/etc/passwd')
  select lo_export(1, '/tmp/x')
  select lo_create(0), lo_from_bytea(0, 'x')
  select lo_get(1)
  select * from dblink('host=localhost', 'select 1') as t(a int)
  select dblink_exec('host=localhost', 'drop table people')
  select query_to_xml('select * from salaries', true, true, '')
  select table_to_xml('salaries', true, true, '')
  select database_to_xml(true, true, '')
  select xpath('/a', '<a/>')
  select xmlparse(document '<a/>')
  select set_config('transaction_read_only', 'off', false)
  select set_config('search_path', 'hidden', false)
  select current_setting('data_directory')
  set search_path to hidden
  set role postgres
  set local transaction_read_only = off
  reset all
  show all
  select pg_advisory_lock(1)
  select pg_advisory_xact_lock(1)
  select pg_try_advisory_lock(1)
  select pg_terminate_backend(1)
  select pg_cancel_backend(1)
  select pg_reload_conf()
  select pg_notify('a', 'b')
  notify a
  listen a
  select nextval('steps')
  select setval('steps', 1)
  select pg_switch_wal()
  select pg_create_restore_point('x')
  select version()
  select inet_server_addr()
  select current_database()
  select current_schema
  select current_role
  select user
  select current_catalog
  select pg_backend_pid()
  select txid_current()
  select pg_export_snapshot()
  select has_table_privilege('salaries', 'select')
  select pg_get_viewdef('v'::regclass)
  select pg_relation_size('salaries')
  select 'salaries'::regclass
  select 'salaries'::regclass::oid
  select cast('salaries' as regclass)
  select 'pg_sleep'::regproc
  select 'postgres'::regrole
  select 1::oid
  select 'a'::name
  select '<a/>'::xml
  select 'a'::public.mood
  select * from pg_catalog.pg_authid
  select * from pg_shadow
  select * from pg_class
  select * from pg_stat_activity
  select * from pg_settings
  select * from pg_tables
  select * from pg_user_mappings
  select relname from pg_catalog.pg_class
  select name operator(public.###) 'x' from people
  select 1 operator(hidden.+) 2
  select hidden.grow()
  select public.lower('A')
  select $1
  prepare a as delete from people
  execute a
  deallocate all
  declare c cursor for select 1
  fetch all from c
  do 'begin delete from people; end'
  do $$ begin delete from people; end $$
  explain analyze delete from people
  vacuum people
  analyze people
  checkpoint
  create function f() returns int language sql as 'select 1'
  create extension dblink
  alter system set fsync = off
  load 'auto_explain'
  select 'a\'; delete from people; --'
  select E'\'; delete from people; --
  select $t$;$t$; delete from people
  select /* /* */ */ 1; delete from people
  select 1 /* */; delete from people
  select generate_series(1, 1000000000)
  select format('%1000000000s', 'x')
  select rpad('x', 1000000000)
  select array_fill(0, array[100000000])
  select json_populate_record(null::salaries, '{}')
  select null::salaries
  select (null::people).*
  select ts_stat('select * from salaries')
  select * from ts_stat('select amount from salaries')
  select cursor_to_xml('c', 1, true, true, '')
  select pg_logical_emit_message(false, 'a', 'b')
  select random()
  select gen_random_uuid()
  select convert_from(pg_read_binary_file('/etc/passwd'), 'utf8')
  select * from rows from (pg_ls_dir('/'), pg_ls_dir('/tmp')) as t
  select count(*) filter (where pg_sleep(60) is null) from people
  select sum(id) over (order by pg_sleep(60)) from people
  select array_agg(name order by pg_sleep(60)) from people
  select * from people where name like (select pg_read_file('/etc/passwd'))
  values ((select max(amount) from salaries))
  select * from people natural join salaries
  select * from (values (1)) v, salaries
  select * from people p, lateral pg_ls_dir(p.name)
  select distinct on ((select max(amount) from salaries)) id from people
  `),
];

export const HOSTILE_MYSQL = [
  ...COMMON.filter((statement) => !statement.includes("on true")),
  ...lines(
    String.raw`
  select * from company.people
  select * from company.salaries
  select * from mysql.user
  select * from mysql . user
  select * from ~mysql~.~user~
  select * from performance_schema.threads
  select * from sys.version
  select company.people.name from people
  select * from ~salaries~
  select ~salaries~.~amount~ from ~salaries~
  select * from SALARIES
  select * from people mysql, mysql.user
  select * from people company join company.salaries
  with mysql as (select 1) select * from mysql
  with company as (select 1) select * from company
  with people as (select * from people) select * from people
  replace into people values (1)
  select * into outfile '/tmp/people' from people
  select * from people into outfile '/tmp/people'
  select * from people into dumpfile '/tmp/people'
  select id into @a from people
  select id from people into @a
  select * from people procedure analyse()
  select * from people lock in share mode
  select * from people for update skip locked
  lock tables people write
  unlock tables
  handler people open
  handler people read first
  load data infile '/etc/passwd' into table people
  load data local infile '/etc/passwd' into table people
  select load_file('/etc/passwd')
  select LOAD_FILE ('/etc/passwd')
  select sleep(60)
  select SLEEP (60)
  select * from people where sleep(60)
  select id from people having sleep(60) order by sleep(60)
  select benchmark(1000000000, md5('a'))
  select get_lock('a', 60)
  select release_all_locks()
  select is_free_lock('a')
  select master_pos_wait('a', 1)
  select wait_for_executed_gtid_set('a')
  select @@version
  select @@global.secure_file_priv
  select @@session.sql_mode
  select @a
  select @a := 1
  select :a
  select ?
  set @a = 1
  set global max_connections = 1
  set session transaction read write
  set password = 'x'
  show tables
  show grants
  show variables
  describe people
  desc salaries
  use mysql
  flush tables
  reset master
  kill 1
  purge binary logs to 'x'
  install plugin x soname 'x.so'
  create function f returns integer soname 'x.so'
  prepare a from 'delete from people'
  execute a
  execute immediate 'delete from people'
  analyze table people
  optimize table people
  check table people
  select version()
  select user()
  select database()
  select schema()
  select session_user()
  select system_user()
  select connection_id()
  select current_role()
  select last_insert_id()
  select row_count()
  select found_rows()
  select uuid()
  select rand()
  select sys_exec('id')
  select sys_eval('id')
  select extractvalue(1, concat(0x7e, version()))
  select updatexml(1, concat(0x7e, user()), 1)
  select encrypt('a')
  select aes_encrypt('a', 'b')
  select compress('a')
  select nextval(steps)
  select next value for steps
  select previous value for steps
  select * from steps
  select * from seq_1_to_1000000000
  select * from json_table('[]', '$' columns (a int path '$')) t
  select * from people partition (p0)
  select * from people for system_time all
  select * from people use index (primary)
  select straight_join * from people
  select high_priority * from people
  select * from people, (table salaries) q
  select * from people where id in (table salaries)
  values (1)
  table people
  select /*! sleep(60) */ 1
  select /*!50000 sleep(60) */ 1
  select /*M! sleep(60) */ 1
  select /*+ max_execution_time(0) */ 1
  select 1 /* comment */ from salaries
  select 1 -- comment
  select 1 # comment
  select 1--1
  select 'a\' union select amount from salaries where ''='
  select 'a' union select amount from salaries
  select "a"
  select "a' from salaries where '" from people
  select * from { oj people left outer join salaries on 1 }
  select 0x7e
  select name regexp '(a+)+$' from people
  select name rlike '(a+)+$' from people
  select regexp_replace(name, '(a+)+$', '') from people
  select match(name) against ('x') from people
  select binary name from people
  select convert(name using latin1) from people
  select cast(name as json) from people
  select name collate utf8mb4_bin from people
  select company.grow()
  select ~company~.~grow~()
  select mysql.grow()
  select charset(name) from people
  select default(id) from people
  select values(id) from people
  select * from people natural join salaries
  select * from people where (id, id) in (select id, amount from salaries)
  select * from people where id = any (select amount from salaries)
  select * from (people, salaries)
  select * from (people join salaries)
  select * from people join (salaries)
  select space(1000000000)
  select rpad('x', 1000000000, 'x')
  select group_concat(name order by sleep(60)) from people
  select sum(id) over (order by sleep(60)) from people
  select if(1, sleep(60), 0)
  select case when sleep(60) then 1 end
  select id, sleep(60) as x from people
  select id from people where id between 1 and sleep(60)
  select date_add(now(), interval sleep(60) second)
  select ~sleep~(60)
  select sl${"\u0435"}ep(60)
  select * from people where name = 'x' or sleep(60)
  select * from people limit sleep(1)
  select * from people p1, people p2, salaries p3
  `.replaceAll("~", "`"),
  ),
];

/** Questions of the kind that people ask, as a model writes them. */
export const HARMLESS_POSTGRES = lines(`
  select * from people order by id
  select name from people where city = 'Berlin' order by name
  select count(*) from people
  SELECT p.name, count(*) AS n FROM people p JOIN public.orders o ON o.person_id = p.id GROUP BY p.id, p.name ORDER BY n DESC LIMIT 5;
  select date_trunc('month', day)::date as month, sum(total) from orders group by 1 order by 1
  select extract(year from day), round(avg(total), 2) from orders group by 1
  with best as (select person_id, sum(total) as t from orders group by 1) select name, t from best join people on id = person_id
  with recursive n as (select 1 as x union all select x + 1 from n where x < 5) select x from n
  select name from people where id in (select person_id from orders where total > 10)
  select name, (select max(total) from orders where person_id = people.id) from people
  select name from people union select status from orders
  select *, row_number() over (partition by city order by id) from people
  select coalesce(city, 'nowhere'), case when id > 1 then 'b' else 'a' end, upper(name), name || '!' from people
  select string_agg(name, ', ' order by name) from people where name ilike 'a%' or name similar to 'B%'
  select count(*) filter (where total > 10), percentile_cont(0.5) within group (order by total) from orders
  select day, total from orders where day >= current_date - interval '400 years' and total between 1 and 1000
  select p.name, q.total from people p cross join lateral (select total from orders o where o.person_id = p.id limit 1) q
  select to_char(day, 'YYYY-MM'), cast(total as numeric(10, 1)) from orders
  select distinct city from people where city is not null
  select city, count(*) from people group by rollup (city)
  select 'it''s', $$a$$, date '2026-01-01', now() is not null
  select /* why */ name -- the name
  select * from people where id = any (array[1, 2])
  select status::text, length(status::text) from orders where status = 'open'
`).map((statement) => (statement.endsWith("the name") ? `${statement}\nfrom people` : statement));

export const HARMLESS_MYSQL = lines(
  `
  select * from people order by id
  select name from people where city = 'Berlin' order by name
  select count(*) from people
  SELECT p.name, count(*) AS n FROM people p JOIN orders o ON o.person_id = p.id GROUP BY p.id, p.name ORDER BY n DESC LIMIT 5;
  select date_format(day, '%Y-%m') as month, sum(total) from orders group by month order by month
  select year(day) as y, round(avg(total), 2) from orders group by y
  with best as (select person_id, sum(total) as t from orders group by person_id) select name, t from best join people on id = person_id
  with recursive n as (select 1 as x union all select x + 1 from n where x < 5) select x from n
  select name from people where id in (select person_id from orders where total > 10)
  select name, (select max(total) from orders where person_id = people.id) as most from people
  select name from people union select status from orders
  (select id from people) union (select id from orders) order by 1 limit 3
  select p.*, row_number() over (partition by city order by id) as place from people p
  select coalesce(city, 'nowhere'), case when id > 1 then 'b' else 'a' end, upper(name), concat(name, '!') from people
  select group_concat(distinct name order by name separator ', ') from people where name like 'A%'
  select sum(case when total > 10 then 1 else 0 end), count(distinct person_id) from orders
  select day, total from orders where day >= current_date - interval 400 year and total between 1 and 1000
  select cast(total as decimal(10, 1)), timestampdiff(day, day, now()) > 0, datediff(curdate(), day) > 0 from orders
  select distinct city from people where city is not null and not exists (select 1 from orders where person_id = people.id and total < 0)
  select city, count(*) from people group by city with rollup
  select 'it''s', date '2026-01-01', now() is not null, 1 from dual
  select sum(total) over (order by id rows between unbounded preceding and current row) as running from orders
  select trim(both ' ' from name), substring(name from 1 for 2), position('n' in name), extract(month from day) from people, orders
  select round((select sum(total) from orders) / (select count(*) from people), 2) as each_of_them
  select ~name~ as ~the name~ from ~people~ where ~id~ = any (select person_id from orders)
  `.replaceAll("~", "`"),
);
