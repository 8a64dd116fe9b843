/** The port is another program's. In a file of its own: the server's types would want express's of every user. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly code = 'EADDRINUSE';

  constructor(port: number) {
    super(`Port ${port} is taken. Choose another with --port or the option 'port'; 0 takes any free one.`);
  }
}
