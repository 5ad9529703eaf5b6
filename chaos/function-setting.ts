/** The variable that brings a function's process its setting. */
export const functionSettingVariable = "CHAOS_FUNCTION";

/** What a function's process is told before its handler is loaded, as JSON. */
export type FunctionSetting = {
  role: string;
  seed: number;
  startMs: number;
  speed: number;
  mostSkewMs: number;
  worldDelaysMs: number[];
  /** Grows by a byte with each process of the function. */
  countFile: string;
};
