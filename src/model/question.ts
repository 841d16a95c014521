import type {
  IEstimate,
  IMessage,
  IParams,
  ISubmit,
  Part
} from '../protocol/frames';
import type { ISettings } from '../tokens';
import { newId } from './ids';
import type { MessageModel } from './message';

// Longest title that is made from a prompt, in characters: one line of the list at 300 px.
const TITLE_LENGTH = 60;

/**
 * What is asked, and how.
 */
export interface IQuestion extends IHow {
  readonly parts: readonly Part[];
}

/**
 * How something is asked.
 */
export interface IHow {
  /** Null: the server's default. */
  readonly provider: string | null;
  /** Null: the provider's default. */
  readonly model: string | null;
  readonly params: IParams;
  /** The notebook in front. */
  readonly notebook: string | null;
  /** Ids of preview items that are not to be sent; absent where there are none. */
  readonly exclude?: string[];
  /** Of the preview that was looked at: what would be sent must be that, or nothing is. */
  readonly digest?: string;
}

/**
 * A message that the server does not have yet.
 */
export function draftMessage(
  message: Pick<IMessage, 'id' | 'parent_id' | 'role'> & Partial<IMessage>
): IMessage {
  return {
    parts: [],
    created: new Date().toISOString(),
    status: 'complete',
    request_id: null,
    provider: null,
    model: null,
    finish_reason: null,
    error: null,
    usage: null,
    cost: null,
    seconds: null,
    live: null,
    ...message
  };
}

/**
 * A question with a new id.
 */
export function newQuestion(
  parent_id: string | null,
  parts: readonly Part[]
): IMessage {
  return draftMessage({
    id: newId(),
    parent_id,
    role: 'user',
    parts: [...parts]
  });
}

/**
 * The frame that asks a question, under a new request.
 *
 * @param continueOf - The answer that is gone on with, where one is.
 */
export function submitFrame(
  conversationId: string,
  question: MessageModel,
  how: IHow,
  continueOf?: string
): ISubmit {
  return {
    type: 'submit',
    request_id: newId(),
    conversation_id: conversationId,
    parent_id: question.parentId,
    message_id: question.id,
    answer_id: newId(),
    ...how,
    ...(continueOf ? { continue_of: continueOf } : {}),
    // A question that is stored is named, not sent again.
    parts: question.stored ? [] : [...question.parts]
  };
}

/**
 * What an estimate or a preview asks about: a question as it would be sent now.
 */
export function inquiryFrame(
  conversationId: string,
  parentId: string | null,
  question: IQuestion
): Omit<IEstimate, 'type'> {
  const { parts, ...how } = question;
  return {
    request_id: newId(),
    conversation_id: conversationId,
    parent_id: parentId,
    ...how,
    parts: [...parts]
  };
}

/**
 * The answer that a frame asks for, before its first word.
 *
 * @param parts - Of the answer that it goes on with.
 */
export function emptyAnswer(
  frame: ISubmit,
  parts: readonly Part[] = []
): IMessage {
  return draftMessage({
    parts: [...parts],
    provider: frame.provider ?? null,
    model: frame.model ?? null,
    id: frame.answer_id,
    parent_id: frame.message_id,
    role: 'assistant',
    request_id: frame.request_id,
    status: 'streaming'
  });
}

/**
 * The first line of a prompt, until the server's own title is read.
 */
export function titleOf(prompt: string): string {
  const line = prompt.trim().split('\n', 1)[0];
  return line.length > TITLE_LENGTH
    ? line.slice(0, TITLE_LENGTH - 1) + '…'
    : line;
}

/**
 * What of the settings goes with a question; what the user did not set is not sent.
 */
export function paramsOf(
  settings: ISettings | null,
  oneShot: boolean,
  acceptUnpriced = false
): IParams {
  const params: IParams = {};
  if (settings?.systemPrompt.trim()) {
    params.system = settings.systemPrompt;
  }
  if ((settings?.temperature ?? null) !== null) {
    params.temperature = settings?.temperature;
  }
  if ((settings?.maxOutputTokens ?? null) !== null) {
    params.max_output_tokens = settings?.maxOutputTokens;
  }
  if (oneShot) {
    params.one_shot = true;
  }
  if (acceptUnpriced) {
    params.accept_unpriced = true;
  }
  return params;
}
