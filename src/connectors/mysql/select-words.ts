/** Words of a statement that a model wrote: what it may call, and what can be no name. What is not listed is refused. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * None of them changes, reads a file, waits, locks, tells of the server or makes much out of little, as `repeat` and
 * `lpad` do. https://mariadb.com/docs/server/reference/sql-functions
 */
export const FUNCTIONS = words(`
  count sum avg min max group_concat std stddev stddev_pop stddev_samp variance var_pop var_samp any_value bit_and
  bit_or bit_xor json_arrayagg json_objectagg
  row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
  abs ceil ceiling floor round truncate sqrt pow power exp ln log log2 log10 mod sign greatest least
  length char_length character_length lower lcase upper ucase trim ltrim rtrim left right substring substr mid
  substring_index replace reverse locate position instr concat concat_ws strcmp field find_in_set ascii
  if ifnull nullif coalesce isnull cast any all some
  curdate current_date curtime current_time now current_timestamp localtime localtimestamp utc_date utc_time
  utc_timestamp date time timestamp year quarter month monthname week weekofyear weekday yearweek day dayname
  dayofmonth dayofweek dayofyear hour minute second extract date_add date_sub adddate subdate addtime subtime datediff
  timediff timestampdiff timestampadd date_format time_format str_to_date last_day makedate maketime from_unixtime
  unix_timestamp to_days from_days period_add period_diff sec_to_time time_to_sec
  json_extract json_value json_unquote json_length json_contains json_keys json_array json_object`);

/** Those that are called without parentheses as well. */
export const BARE_FUNCTIONS = words(
  "current_date current_time current_timestamp localtime localtimestamp utc_date utc_time utc_timestamp",
);

export const CAST_TYPES = words("char date datetime time decimal signed unsigned integer int double float");

/** Between two operands. */
export const OPERATOR_WORDS = words("and or xor div mod like");

/** Databases of the server's own: a name of theirs could mean two things. */
export const OF_THE_SERVER = words("mysql information_schema performance_schema sys");

/**
 * Reserved by MySQL or MariaDB: what is written so, and not in backticks, is no name of a column, table or alias. With
 * them begins everything that a server takes and this grammar does not know.
 */
export const RESERVED = words(`
  accessible add all alter analyze and as asc asensitive before between bigint binary blob both by call cascade case
  change char character check collate column condition constraint continue convert create cross cube cume_dist
  current_date current_role current_time current_timestamp current_user cursor database databases day_hour
  day_microsecond day_minute day_second dec decimal declare default delayed delete delete_domain_id dense_rank desc
  describe deterministic distinct distinctrow div do_domain_ids double drop dual each else elseif empty enclosed escaped
  except exists exit explain false fetch first_value float float4 float8 for force foreign from fulltext function general
  generated get grant group grouping groups having high_priority hour_microsecond hour_minute hour_second if ignore
  ignore_domain_ids ignore_server_ids in index infile inner inout insensitive insert int int1 int2 int3 int4 int8 integer
  intersect interval into io_after_gtids io_before_gtids is iterate join json_table key keys kill lag last_value lateral
  lead leading leave left like limit linear lines load localtime localtimestamp lock long longblob longtext loop
  low_priority manual master_bind master_heartbeat_period master_ssl_verify_server_cert match maxvalue mediumblob
  mediumint mediumtext middleint minus minute_microsecond minute_second mod modifies natural no_write_to_binlog not
  nth_value ntile null numeric of offset on optimize optimizer_costs option optionally or order out outer outfile over
  page_checksum parallel parse_vcol_expr partition percent_rank precision primary procedure purge qualify range rank read
  read_write reads real recursive ref_system_id references regexp release rename repeat replace require resignal restrict
  return returning revoke right rlike row row_number rows schema schemas second_microsecond select sensitive separator session_user system_user
  set show signal slow smallint spatial specific sql sql_big_result sql_calc_found_rows sql_no_cache sql_small_result
  sqlexception sqlstate sqlwarning ssl starting stats_auto_recalc stats_persistent stats_sample_pages stored
  straight_join system table tablesample terminated then tinyblob tinyint tinytext to trailing trigger true undo union
  unique unlock unsigned update usage use using utc_date utc_time utc_timestamp values varbinary varchar varcharacter
  varying virtual when where while window with write xor year_month zerofill`);
