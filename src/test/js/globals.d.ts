/** The charts' library, which a script of its own brings. */
declare const uPlot: {
  new (options: object, data: (number | null)[][], target: HTMLElement): {
    width: number;
    destroy(): void;
    setSize(size: {width: number, height: number}): void;
  };
  paths: {stepped(options: {align: -1 | 1}): object};
};
