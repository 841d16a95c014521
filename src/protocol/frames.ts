/**
 * GENERATED from jupyterlab_gpt/protocol.py by `jlpm protocol`: do not edit.
 */

export type ErrorCode =
  | 'internal'
  | 'bad_request'
  | 'bad_frame'
  | 'empty_prompt'
  | 'bad_parent'
  | 'bad_key'
  | 'bad_url'
  | 'bad_amount'
  | 'bad_timezone'
  | 'unknown_conversation'
  | 'unknown_message'
  | 'unknown_request'
  | 'unknown_provider'
  | 'unknown_blob'
  | 'unknown_file'
  | 'too_large'
  | 'duplicate_id'
  | 'preview_changed'
  | 'turn_running'
  | 'locked'
  | 'model_not_allowed'
  | 'base_url_not_allowed'
  | 'feature_disabled'
  | 'not_available'
  | 'rate_limited'
  | 'over_budget'
  | 'over_cap'
  | 'unpriced'
  | 'unpriced_refused'
  | 'storage_full'
  | 'storage_locked'
  | 'storage_read_only'
  | 'storage_failed'
  | 'local_model_missing'
  | 'local_runtime_missing'
  | 'local_model_failed'
  | 'fetch_failed'
  | 'fetch_stopped'
  | 'server_stopped'
  | 'no_model'
  | 'no_key'
  | 'provider_bad_request'
  | 'provider_auth'
  | 'provider_forbidden'
  | 'model_not_found'
  | 'prompt_too_long'
  | 'provider_rate_limited'
  | 'no_credit'
  | 'provider_unavailable'
  | 'cannot_reach'
  | 'provider_silent'
  | 'redirect_refused'
  | 'stream_cut'
  | 'stream_stalled'
  | 'not_a_stream'
  | 'malformed_stream'
  | 'provider_error'
  | 'answer_too_large'
  | 'took_too_long'
  | 'empty_answer';

export type Part =
  | ITextPart
  | IThinkingPart
  | ICellPart
  | INotebookPart
  | IOutputPart
  | IErrorPart
  | IVariablePart
  | IFilePart
  | IImagePart;

export type ClientFrame = ISubmit | IEstimate | IPreview | ICancel | IResume;

export type ServerFrame =
  | IEstimated
  | IPreviewed
  | IStarted
  | IDelta
  | IRetrying
  | IFinished
  | IFailed
  | ISnapshot
  | IChanged
  | IBudgetFrame
  | IStorage
  | IHeartbeat;

/**
 * POST blobs with JSON: a file of the workspace.
 */
export interface IBlobFromPath {
  path: string;
}

/**
 * POST blobs: what was stored, and what it is by its content.
 */
export interface IBlobInfo {
  sha256: string;
  bytes: number;
  mime: string;
}

/**
 * The month's budget of one owner.
 *
 * `limit` is the user's own (null: none is set), `cap` the administrator's. `month` is
 * the calendar month (``2026-11``) in `tz`, an IANA name. `level` compares what is spent
 * with the lower of the two: `half` from 50 %, `high` from 80 %, `full` from 100 %.
 */
export interface IBudget {
  limit: string | null;
  cap: string | null;
  spent: string;
  reserved: string;
  month: string;
  tz: string;
  level: 'none' | 'ok' | 'half' | 'high' | 'full';
  unpriced: number;
}

/**
 * The budget changed.
 */
export interface IBudgetFrame {
  limit: string | null;
  cap: string | null;
  spent: string;
  reserved: string;
  month: string;
  tz: string;
  level: 'none' | 'ok' | 'half' | 'high' | 'full';
  unpriced: number;
  type: 'budget';
}

/**
 * PUT of the budget: null takes it away. `tz` is an IANA name; absent: it stays.
 *
 * The amount has no default, so that a misspelt field takes no budget away.
 */
export interface IBudgetPut {
  monthly_usd: string | null;
  tz: string | null;
}

/**
 * Stop a turn.
 */
export interface ICancel {
  type: 'cancel';
  request_id: string;
}

/**
 * The source of one cell, or some lines of it (1-based, both ends included).
 */
export interface ICellPart {
  type: 'cell';
  cell_id: string;
  path: string;
  source?: string | null;
  language: string;
  label?: string | null;
  from_line?: number | null;
  to_line?: number | null;
  blob?: string | null;
}

/**
 * A conversation was changed from another socket of the same owner.
 */
export interface IChanged {
  type: 'changed';
  conversation_id: string;
}

/**
 * POST …/check: tried with what is given, else with what is saved; saves nothing.
 */
export interface ICheckRequest {
  key?: string | null;
  base_url?: string | null;
  headers?: {
    [k: string]: string | null;
  } | null;
}

/**
 * What the free call (the list of models) said.
 */
export interface ICheckResult {
  ok: boolean;
  models: number | null;
  error: IErrorInfo | null;
}

/**
 * A `GPTError` as it travels: in REST bodies, and stored with a failed answer.
 */
export interface IErrorInfo {
  code: ErrorCode;
  message: string;
  detail: {
    [k: string]: unknown;
  } | null;
  retryable: boolean;
  retry_after: number | null;
}

/**
 * A conversation: a tree of messages and the leaf that is shown.
 */
export interface IConversation {
  id: string;
  title: string;
  notebook: string | null;
  created: string;
  updated: string;
  pinned: boolean;
  leaf: string | null;
  cost: ICost | null;
  messages: IMessage[];
}

/**
 * What one or more calls cost; `usd` is null where no price is known.
 *
 * `estimated`: some of it was counted by us, because the provider reported nothing.
 * `at_least`: more may be due: thinking that a stopped answer never showed, or calls
 * without a price among those that were added up.
 */
export interface ICost {
  usd: string | null;
  estimated: boolean;
  at_least: boolean;
}

/**
 * One node of a conversation: a question (`user`) or an answer (`assistant`).
 */
export interface IMessage {
  id: string;
  parent_id: string | null;
  role: 'user' | 'assistant';
  parts: Part[];
  created: string;
  status: 'streaming' | 'complete' | 'incomplete' | 'cancelled' | 'failed';
  request_id: string | null;
  provider: string | null;
  model: string | null;
  finish_reason:
    ('stop' | 'length' | 'content_filter' | 'tool_calls' | 'cancelled') | null;
  error: IErrorInfo | null;
  usage: IUsage | null;
  cost: ICost | null;
  seconds: number | null;
  live: ILive | null;
}

/**
 * Prose: a prompt, or an answer's Markdown.
 */
export interface ITextPart {
  type: 'text';
  text?: string | null;
  blob?: string | null;
}

/**
 * What the model thought aloud; answers only, never sent upstream again.
 */
export interface IThinkingPart {
  type: 'thinking';
  text: string;
}

/**
 * A whole notebook, without outputs.
 */
export interface INotebookPart {
  type: 'notebook';
  path: string;
  cells?: INotebookCell[] | null;
  blob?: string | null;
}

/**
 * One cell of a notebook part.
 */
export interface INotebookCell {
  id: string;
  kind: 'code' | 'markdown' | 'raw';
  source: string;
}

/**
 * The text of a cell's output.
 */
export interface IOutputPart {
  type: 'output';
  cell_id: string;
  text?: string | null;
  blob?: string | null;
}

/**
 * The error of a cell that failed.
 */
export interface IErrorPart {
  type: 'error';
  cell_id: string;
  ename: string;
  evalue: string;
  traceback?: string | null;
  blob?: string | null;
}

/**
 * A live variable, summarized by the kernel.
 */
export interface IVariablePart {
  type: 'variable';
  name: string;
  var_type?: string;
  summary?: string | null;
  blob?: string | null;
}

/**
 * A text file of the workspace.
 */
export interface IFilePart {
  type: 'file';
  path: string;
  text?: string | null;
  blob?: string | null;
}

/**
 * An image, always as a blob.
 */
export interface IImagePart {
  type: 'image';
  mime: string;
  blob: string;
}

/**
 * Tokens of one upstream call; null where the provider said nothing.
 *
 * `input` includes `cached_input` and `cache_write`; `output` includes `reasoning`.
 */
export interface IUsage {
  input: number | null;
  cached_input: number | null;
  cache_write: number | null;
  output: number | null;
  reasoning: number | null;
  estimated: boolean;
}

/**
 * The turn that is writing an answer right now.
 */
export interface ILive {
  request_id: string;
  seq: number;
}

/**
 * A row of the list of conversations.
 */
export interface IConversationItem {
  id: string;
  title: string;
  notebook: string | null;
  model: string | null;
  cost: ICost | null;
  updated: string;
  pinned: boolean;
  streaming: boolean;
  hit: ISearchHit | null;
}

/**
 * Where a search found a conversation: `text` is some of that message's text.
 *
 * `ranges` are the places to highlight in it, from and to, in UTF-16 code units as
 * JavaScript counts them.
 */
export interface ISearchHit {
  message_id: string;
  text: string;
  ranges: unknown[][];
}

/**
 * One page of the list; `next` goes into `before` of the next request.
 */
export interface IConversationList {
  items: IConversationItem[];
  next: string | null;
}

/**
 * PATCH of a conversation: absent fields stay.
 */
export interface IConversationPatch {
  title?: string | null;
  pinned?: boolean | null;
  notebook?: string | null;
  leaf?: string | null;
}

/**
 * New text of the part with this index.
 */
export interface IDelta {
  type: 'delta';
  request_id: string;
  seq: number;
  part: number;
  kind: 'text' | 'thinking';
  text: string;
}

/**
 * Ask what this would cost.
 */
export interface IEstimate {
  request_id: string;
  conversation_id: string;
  parent_id?: string | null;
  provider?: string | null;
  model?: string | null;
  params?: IParams | null;
  notebook?: string | null;
  /**
   * @maxItems 1000
   */
  parts?: Part[];
  exclude?: string[] | null;
  digest?: string | null;
  continue_of?: string | null;
  type: 'estimate';
  message_id?: string | null;
}

/**
 * What the user set for one turn; what is absent is not sent to the provider.
 */
export interface IParams {
  system?: string | null;
  temperature?: number | null;
  max_output_tokens?: number | null;
  effort?: string | null;
  verbosity?: string | null;
  accept_unpriced?: boolean | null;
  one_shot?: boolean | null;
}

/**
 * Answer to `estimate`.
 */
export interface IEstimated {
  type: 'estimated';
  request_id: string;
  provider: string;
  model: string;
  input_tokens: number;
  cached_tokens: number;
  left_out: number;
  method: 'exact' | 'calibrated' | 'rough';
  cost_min: string | null;
  cost_max: string | null;
  priced: boolean;
  same: ISameQuestion | null;
  too_long_for: number | null;
}

/**
 * A complete answer to the identical question in this conversation.
 */
export interface ISameQuestion {
  answer_id: string;
  asked_at: string;
}

/**
 * The turn failed; `seq` is 0 when nothing was stored.
 */
export interface IFailed {
  type: 'failed';
  request_id: string;
  seq: number;
  code: ErrorCode;
  message: string;
  detail: {
    [k: string]: unknown;
  } | null;
  retryable: boolean;
  retry_after: number | null;
  usage: IUsage | null;
  cost: ICost | null;
  seconds: number | null;
}

/**
 * The answer ended as an answer; it is stored.
 *
 * `dropped` are the parameters that the user set, that the model refused and that were left
 * out of a second request; from a server of before it is missing, and it is not stored.
 */
export interface IFinished {
  type: 'finished';
  request_id: string;
  seq: number;
  finish_reason:
    'stop' | 'length' | 'content_filter' | 'tool_calls' | 'cancelled';
  usage: IUsage | null;
  cost: ICost | null;
  seconds: number | null;
  budget: IBudget | null;
  dropped: string[] | null;
}

/**
 * The socket is alive: every 20 s when idle, every 2 s while a turn runs.
 */
export interface IHeartbeat {
  type: 'heartbeat';
}

/**
 * POST conversations: what was made of the file, in its order.
 */
export interface IImported {
  conversations: IImportedConversation[];
}

/**
 * One conversation that an import made; `was` is its id in the file.
 */
export interface IImportedConversation {
  id: string;
  was: string;
  title: string;
}

/**
 * All that ever comes back of a key.
 */
export interface IKeyInfo {
  set: boolean;
  last4: string | null;
  source: ('administrator' | 'environment' | 'keyring' | 'file') | null;
}

/**
 * PUT of a key.
 */
export interface IKeyPut {
  key: string;
}

/**
 * What will not be sent, and why.
 *
 * `history`: the history is longer than its limit; `one_shot`: Explain and Fix error send
 * none; `excluded`: the user left it out; `thinking`: it is never sent again.
 */
export interface ILeftOut {
  id: string;
  label: string;
  why: 'history' | 'one_shot' | 'excluded' | 'thinking';
}

/**
 * The built-in model.
 *
 * `state`: `unavailable` (the runtime is not installed), `missing` (no weights yet),
 * `fetching`, `stopped` (part of the weights is here), `ready` (weights are here),
 * `failed` (see `error`).
 */
export interface ILocalModelState {
  state:
    'unavailable' | 'missing' | 'fetching' | 'stopped' | 'ready' | 'failed';
  model: string;
  label: string;
  licence: string;
  source: string;
  bytes_total: number;
  bytes_done: number;
  error: IErrorInfo | null;
}

/**
 * A server on this machine that speaks the OpenAI API.
 */
export interface ILocalServer {
  name: string;
  base_url: string;
  models: string[];
}

/**
 * POST discover: what answered just now; nothing of it is saved.
 */
export interface ILocalServers {
  servers: ILocalServer[];
}

/**
 * A model in the picker; null is unknown.
 */
export interface IModelInfo {
  provider: string;
  id: string;
  label: string;
  input_price: string | null;
  cached_price: string | null;
  output_price: string | null;
  context_length: number | null;
  local: boolean;
  images: boolean | null;
  effort: string[] | null;
  verbosity: boolean | null;
  temperature: boolean | null;
  refused: string[];
  available: boolean;
}

/**
 * The models of all providers; a provider that could not be asked stands in `errors`.
 */
export interface IModelList {
  models: IModelInfo[];
  errors: {
    [k: string]: IErrorInfo;
  };
  names: {
    [k: string]: string;
  };
}

/**
 * What the administrator set; shown read-only.
 */
export interface IPolicy {
  locked: boolean;
  monthly_cap_usd: string | null;
  allowed_models: string[];
  allowed_base_urls: string[];
  disabled_features: string[];
  local_servers: string[];
  system_prompt: string;
  retention_days: number;
  turns_per_minute: number;
  set_by_administrator: string[];
}

/**
 * Ask what exactly would be sent.
 */
export interface IPreview {
  request_id: string;
  conversation_id: string;
  parent_id?: string | null;
  provider?: string | null;
  model?: string | null;
  params?: IParams | null;
  notebook?: string | null;
  /**
   * @maxItems 1000
   */
  parts?: Part[];
  exclude?: string[] | null;
  digest?: string | null;
  continue_of?: string | null;
  type: 'preview';
  message_id?: string | null;
}

/**
 * One part of one message that will be sent.
 */
export interface IPreviewItem {
  id: string;
  message: number;
  role: string;
  label: string;
  text: string | null;
  blob: string | null;
  tokens: number;
  cost: string | null;
}

/**
 * Answer to `preview`.
 */
export interface IPreviewed {
  type: 'previewed';
  request_id: string;
  provider: string;
  model: string;
  digest: string;
  items: IPreviewItem[];
  left_out: ILeftOut[];
  params: {
    [k: string]: unknown;
  };
  input_tokens: number;
  cached_tokens: number;
  saved: string | null;
  cost_min: string | null;
  cost_max: string | null;
  method: 'exact' | 'calibrated' | 'rough';
  too_long_for: number | null;
}

/**
 * The user's own price for some models, in USD per million tokens.
 *
 * `base_url` is the endpoint's, empty for all; `pattern` is matched against the model's
 * id as a shell pattern (`*`, `?`). A cached or cache-write price that is absent is the
 * input price. The first override that matches counts.
 */
export interface IPriceOverride {
  base_url: string;
  pattern: string;
  input: string;
  output: string;
  cached_input: string | null;
  cache_write: string | null;
}

/**
 * GET and PUT of all overrides, in their order.
 */
export interface IPriceOverrides {
  /**
   * @maxItems 200
   */
  overrides: IPriceOverride[];
}

/**
 * A provider as the settings show it; header values are write-only like the key.
 */
export interface IProviderInfo {
  id: string;
  name: string;
  base_url: string;
  headers: string[];
  key: IKeyInfo;
  model: string | null;
  local: boolean;
  locked: boolean;
}

/**
 * POST (with `id`) or PATCH of a provider. A header with value null is removed.
 */
export interface IProviderPatch {
  id?: string | null;
  name?: string | null;
  base_url?: string | null;
  headers?: {
    [k: string]: string | null;
  } | null;
}

/**
 * Go on with a turn's frames after `after_seq`.
 */
export interface IResume {
  type: 'resume';
  request_id: string;
  after_seq?: number;
}

/**
 * The provider asked to wait; the next attempt comes in `wait_s` seconds.
 */
export interface IRetrying {
  type: 'retrying';
  request_id: string;
  seq: number;
  attempt: number;
  wait_s: number;
  code: ErrorCode;
}

/**
 * Everything so far: replaces what the client has.
 */
export interface ISnapshot {
  type: 'snapshot';
  request_id: string;
  seq: number;
  parts: Part[];
  status: 'streaming' | 'complete' | 'incomplete' | 'cancelled' | 'failed';
}

/**
 * The turn is stored and under way.
 */
export interface IStarted {
  type: 'started';
  request_id: string;
  seq: number;
  answer_id: string;
  provider: string;
  model: string;
  estimate: ICost | null;
  budget: IBudget | null;
}

/**
 * GET status: from memory, never waits for the disk.
 *
 * `provider` is null while the server finds out who can answer: ask again. By `pid`, the
 * server's process, a kernel knows whether it is the one that started it.
 */
export interface IStatusInfo {
  version: string;
  protocol: string;
  pid: number | null;
  provider: string | null;
  model: string | null;
  needs_setup: boolean;
  budget: IBudget | null;
  storage: 'ok' | 'locked' | 'full' | 'read_only' | 'repaired';
  policy: IPolicy;
}

/**
 * State of the disk: on connect when not `ok`, and at each change.
 */
export interface IStorage {
  type: 'storage';
  state: 'ok' | 'locked' | 'full' | 'read_only' | 'repaired';
  message: string;
}

/**
 * Ask. New question, edit, Regenerate and Continue differ by their ids (docs/protocol.md).
 */
export interface ISubmit {
  request_id: string;
  conversation_id: string;
  parent_id?: string | null;
  provider?: string | null;
  model?: string | null;
  params?: IParams | null;
  notebook?: string | null;
  /**
   * @maxItems 1000
   */
  parts?: Part[];
  exclude?: string[] | null;
  digest?: string | null;
  continue_of?: string | null;
  type: 'submit';
  message_id: string;
  answer_id: string;
}

/**
 * The calls of one day (``2026-11-24``) in the report's time zone, by model.
 */
export interface IUsageDay {
  day: string;
  models: IUsageOfModel[];
}

/**
 * The calls of one model of one provider.
 */
export interface IUsageOfModel {
  cost: ICost;
  estimated_usd: string;
  saved_usd: string;
  calls: number;
  unpriced: number;
  input: number;
  cached_input: number;
  output: number;
  provider: string;
  model: string;
}

/**
 * The calls of one conversation; the title is null where it was deleted.
 */
export interface IUsageOfConversation {
  cost: ICost;
  estimated_usd: string;
  saved_usd: string;
  calls: number;
  unpriced: number;
  input: number;
  cached_input: number;
  output: number;
  conversation_id: string | null;
  title: string | null;
}

/**
 * The calls made about one notebook; null: about none.
 */
export interface IUsageOfNotebook {
  cost: ICost;
  estimated_usd: string;
  saved_usd: string;
  calls: number;
  unpriced: number;
  input: number;
  cached_input: number;
  output: number;
  notebook: string | null;
}

/**
 * GET usage: from `first` to `last`, both days included, in the time zone `tz`.
 *
 * Days without calls are absent; models, conversations and notebooks are sorted by cost.
 * `since` is the day of the owner's very first call, null where there was none.
 */
export interface IUsageReport {
  first: string;
  last: string;
  tz: string;
  since: string | null;
  totals: IUsageSums;
  days: IUsageDay[];
  models: IUsageOfModel[];
  conversations: IUsageOfConversation[];
  notebooks: IUsageOfNotebook[];
}

/**
 * What some calls used and cost, added up.
 */
export interface IUsageSums {
  cost: ICost;
  estimated_usd: string;
  saved_usd: string;
  calls: number;
  unpriced: number;
  input: number;
  cached_input: number;
  output: number;
}
