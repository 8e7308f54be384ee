/**
 * What a statement that a model wrote may be made of. Whatever is not here is refused, so that what a later version of
 * PostgreSQL brings is refused as well. https://www.postgresql.org/docs/current/functions.html
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * None of them changes, reads a file, waits, locks, tells of the server or makes much out of little: `repeat`, `lpad`,
 * `format` and `generate_series` fill a memory with one short call.
 */
export const FUNCTIONS: ReadonlySet<string> = new Set([
  ...words(`count sum avg min max bool_and bool_or every any_value array_agg string_agg json_agg jsonb_agg
    json_object_agg jsonb_object_agg stddev stddev_pop stddev_samp variance var_pop var_samp corr covar_pop covar_samp
    regr_slope regr_intercept regr_r2 regr_count percentile_cont percentile_disc mode`),
  ...words(
    `row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value`,
  ),
  ...words(`abs ceil ceiling floor round trunc sqrt cbrt power pow exp ln log log10 mod div sign gcd lcm
    width_bucket degrees radians pi`),
  ...words(`length char_length character_length octet_length lower upper initcap btrim ltrim rtrim substring substr
    left right replace translate reverse split_part strpos position overlay concat concat_ws ascii starts_with
    regexp_replace regexp_match regexp_matches regexp_count regexp_like regexp_substr regexp_split_to_array
    similar_to_escape like_escape string_to_array`),
  ...words(`now transaction_timestamp statement_timestamp date_trunc date_part date_bin extract age to_char to_date
    to_timestamp to_number make_date make_time make_timestamp make_timestamptz make_interval justify_days
    justify_hours justify_interval timezone isfinite overlaps`),
  ...words(
    `array_length array_lower array_upper array_position array_to_string array_remove cardinality unnest`,
  ),
  ...words(`to_json to_jsonb row_to_json json_array_length jsonb_array_length json_extract_path json_extract_path_text
    jsonb_extract_path jsonb_extract_path_text json_array_elements jsonb_array_elements json_array_elements_text
    jsonb_array_elements_text json_each jsonb_each json_each_text jsonb_each_text json_object_keys jsonb_object_keys
    json_typeof jsonb_typeof json_build_object jsonb_build_object json_build_array jsonb_build_array`),
  ...words(`num_nonnulls num_nulls lower_inc upper_inc isempty`),
]);

export const OPERATORS: ReadonlySet<string> = new Set([
  ...words(`= <> != < <= > >= + - * / % ^ & | # || ~~ !~~ ~~* !~~* ~ ~* !~ !~*`),
  ...words(`-> ->> #> #>> @> <@ ? ?| ?& && << >> |/ ||/ @ -|- &< &>`),
]);

/** Targets of casts. No `reg…`, which look into the catalogue, and no type that somebody made. */
export const TYPES: ReadonlySet<string> = new Set(
  words(`bool int2 int4 int8 float4 float8 numeric text varchar bpchar char date time timetz timestamp timestamptz
    interval uuid json jsonb boolean integer bigint smallint decimal real`),
);

/** Values without parentheses. Who asks, and in which database, is nobody's to see. */
export const VALUE_FUNCTIONS: ReadonlySet<string> = new Set([
  ...words(`SVFOP_CURRENT_DATE SVFOP_CURRENT_TIME SVFOP_CURRENT_TIME_N SVFOP_CURRENT_TIMESTAMP
    SVFOP_CURRENT_TIMESTAMP_N SVFOP_LOCALTIME SVFOP_LOCALTIME_N SVFOP_LOCALTIMESTAMP SVFOP_LOCALTIMESTAMP_N`),
]);

/** `nodes`: nodes or lists of them; `plain`: words and numbers; otherwise the kind of what stands there by itself. */
export type Field = "nodes" | "plain" | Kind;
export type Kind = keyof typeof FIELDS;

const nodes = (text: string) => Object.fromEntries(words(text).map((name) => [name, "nodes" as const]));
const plain = (text: string) => Object.fromEntries(words(text).map((name) => [name, "plain" as const]));

/** Kinds of nodes, and what each may have. What is missing here is what must not be: INTO, FOR UPDATE, ONLY, TABLESAMPLE. */
const FIELDS = {
  SelectStmt: {
    ...nodes(`distinctClause targetList fromClause whereClause groupClause havingClause windowClause valuesLists
      sortClause limitOffset limitCount`),
    ...plain(`groupDistinct limitOption op all`),
    ...{ withClause: "WithClause", larg: "SelectStmt", rarg: "SelectStmt" },
  },
  WithClause: { ...nodes("ctes"), ...plain("recursive location") },
  CommonTableExpr: { ...nodes("ctequery aliascolnames"), ...plain("ctename ctematerialized location") },
  RangeVar: { ...plain("schemaname relname inh relpersistence location"), alias: "Alias" },
  RangeSubselect: { ...plain("lateral"), ...nodes("subquery"), alias: "Alias" },
  RangeFunction: { ...plain("lateral ordinality is_rowsfrom"), ...nodes("functions"), alias: "Alias" },
  JoinExpr: {
    ...plain("jointype isNatural rtindex"),
    ...nodes("larg rarg usingClause quals"),
    ...{ alias: "Alias", join_using_alias: "Alias" },
  },
  Alias: { ...plain("aliasname"), ...nodes("colnames") },
  ResTarget: { ...plain("name location"), ...nodes("val") },
  ColumnRef: { ...nodes("fields"), ...plain("location") },
  A_Star: {},
  String: plain("sval"),
  Integer: plain("ival"),
  List: nodes("items"),
  A_Const: { ...plain("location isnull"), ival: "Value", fval: "Value", boolval: "Value", sval: "Value" },
  Value: plain("ival fval boolval sval"),
  A_Expr: { ...plain("kind location rexpr_list_start rexpr_list_end"), ...nodes("name lexpr rexpr") },
  BoolExpr: { ...plain("boolop location"), ...nodes("args") },
  NullTest: { ...plain("nulltesttype argisrow location"), ...nodes("arg") },
  BooleanTest: { ...plain("booltesttype location"), ...nodes("arg") },
  CaseExpr: { ...plain("location"), ...nodes("arg args defresult") },
  CaseWhen: { ...plain("location"), ...nodes("expr result") },
  CoalesceExpr: { ...plain("location"), ...nodes("args") },
  MinMaxExpr: { ...plain("op location"), ...nodes("args") },
  RowExpr: { ...plain("row_format location"), ...nodes("args colnames") },
  A_ArrayExpr: { ...plain("location list_start list_end"), ...nodes("elements") },
  A_Indirection: nodes("arg indirection"),
  A_Indices: { ...plain("is_slice"), ...nodes("lidx uidx") },
  SubLink: { ...plain("subLinkType location"), ...nodes("testexpr operName subselect") },
  FuncCall: {
    ...nodes("funcname args agg_order agg_filter"),
    ...plain("agg_within_group agg_star agg_distinct func_variadic funcformat location"),
    over: "WindowDef",
  },
  NamedArgExpr: { ...plain("name argnumber location"), ...nodes("arg") },
  WindowDef: {
    ...plain("name refname frameOptions location"),
    ...nodes("partitionClause orderClause startOffset endOffset"),
  },
  SortBy: { ...plain("sortby_dir sortby_nulls location"), ...nodes("node") },
  GroupingSet: { ...plain("kind location"), ...nodes("content") },
  GroupingFunc: { ...plain("location"), ...nodes("args") },
  SQLValueFunction: plain("op typmod location"),
  TypeCast: { ...plain("location"), ...nodes("arg"), typeName: "TypeName" },
  TypeName: { ...plain("typemod location"), ...nodes("names typmods arrayBounds") },
} as const satisfies Record<string, Record<string, string>>;

export function fieldsOf(kind: string): Readonly<Record<string, Field>> | null {
  return Object.hasOwn(FIELDS, kind)
    ? ((FIELDS as Record<string, Record<string, Field>>)[kind] ?? null)
    : null;
}

/** What a model is told of what it wrote. */
export const REASONS: Readonly<Record<string, string>> = {
  intoClause: "it writes its result into a table (SELECT … INTO). Leave INTO out",
  lockingClause: "it locks rows (FOR UPDATE, FOR SHARE). Leave that out",
  InsertStmt: "it inserts rows. Write one SELECT",
  UpdateStmt: "it changes rows. Write one SELECT",
  DeleteStmt: "it deletes rows. Write one SELECT",
  MergeStmt: "it changes rows. Write one SELECT",
  CopyStmt: "it copies to or from files. Write one SELECT",
  ExplainStmt: "it asks for a plan. Write the SELECT itself",
  VariableSetStmt: "it changes a setting. Write one SELECT",
  ParamRef: "it has a placeholder ($1). Write the value itself",
  RangeTableSample: "it takes a sample (TABLESAMPLE). Leave that out",
  catalogname: "it names another database. Write schema.table",
};
