/** What is wrong with a request, for who sent it. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function notFound(what: string): RequestError {
  return new RequestError(404, `There is no ${what}.`);
}
