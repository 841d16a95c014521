import type { ErrorCode, IErrorInfo } from '../protocol/frames';

/**
 * What can go wrong: the server's closed list, and what this side of the wire adds to it.
 */
export type ClientErrorCode =
  | ErrorCode
  /** The Jupyter server did not answer. */
  | 'server_unreachable'
  /** The Jupyter server wants a login. */
  | 'login_required'
  /** The Jupyter server's answer is not ours: the server part is missing or too old. */
  | 'bad_response'
  /** The prompt with all its context does not fit a frame. */
  | 'frame_too_large'
  /** One piece of context is larger than the server takes. */
  | 'content_too_large'
  /** Asked while an answer is being written. */
  | 'answer_running'
  /** The cell or file behind a chip is gone. */
  | 'source_gone'
  /** A file could not be written into a folder of the workspace. */
  | 'file_not_written'
  /** One may not write into a folder of the workspace. */
  | 'folder_read_only';

/**
 * An error as the panel shows it: the wire's form, with the codes of this side.
 */
export interface IClientError extends Omit<IErrorInfo, 'code'> {
  readonly code: ClientErrorCode;
}

/**
 * An error that carries what the panel needs for its sentence.
 */
export class GPTClientError extends Error implements IClientError {
  /**
   * Construct an error.
   *
   * @param code - What went wrong.
   * @param message - English, for logs.
   * @param options - What the sentence needs, and whether trying again can help.
   */
  constructor(
    code: ClientErrorCode,
    message: string,
    options: GPTClientError.IOptions = {}
  ) {
    super(message);
    this.name = 'GPTClientError';
    this.code = code;
    this.detail = options.detail ?? null;
    this.retryable = options.retryable ?? false;
    this.retry_after = options.retry_after ?? null;
  }

  readonly code: ClientErrorCode;
  readonly detail: IErrorInfo['detail'];
  readonly retryable: boolean;
  readonly retry_after: number | null;

  /**
   * The error as plain data.
   */
  toInfo(): IClientError {
    const { code, message, detail, retryable, retry_after } = this;
    return { code, message, detail, retryable, retry_after };
  }
}

/**
 * A namespace for GPTClientError statics.
 */
export namespace GPTClientError {
  /**
   * What an error may carry beside its code.
   */
  export interface IOptions {
    detail?: IErrorInfo['detail'];
    retryable?: boolean;
    retry_after?: number | null;
  }

  /**
   * Whatever was thrown, as an error that has a sentence.
   */
  export function from(reason: unknown): IClientError {
    if (reason instanceof GPTClientError) {
      return reason.toInfo();
    }
    const message = reason instanceof Error ? reason.message : String(reason);
    return new GPTClientError('internal', message).toInfo();
  }
}

/**
 * A REST request that did not give what was asked for.
 */
export class GPTRequestError extends GPTClientError {
  /**
   * Construct an error.
   *
   * @param status - The HTTP status; 0 when there was no response.
   */
  constructor(
    status: number,
    code: ClientErrorCode,
    message: string,
    options: GPTClientError.IOptions = {}
  ) {
    super(code, message, options);
    this.name = 'GPTRequestError';
    this.status = status;
  }

  readonly status: number;
}

/**
 * A frame that is larger than the server takes; nothing of it was queued.
 */
export class FrameTooLargeError extends GPTClientError {
  constructor(
    readonly bytes: number,
    readonly limit: number
  ) {
    super(
      'frame_too_large',
      `A frame of ${bytes} bytes; the limit is ${limit}`,
      {
        detail: { bytes, limit }
      }
    );
    this.name = 'FrameTooLargeError';
  }
}
