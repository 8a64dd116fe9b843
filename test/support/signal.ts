/** Something that happens once, and that a test waits for. */
export interface Signal {
  give(): void;
  readonly given: Promise<void>;
}

export function signal(): Signal {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { give: () => give(), given };
}
