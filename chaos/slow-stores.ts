const seconds = ["DelaySeconds", "VisibilityTimeout", "WaitTimeSeconds"];

/** An SQS request for a service whose clock goes as the world's: what is asked in this run's seconds is asked in its own. */
export function inWorldSeconds(body: Buffer, speed: number): Buffer {
  const json: unknown = JSON.parse(body.toString("utf8"), (key, value: unknown) => {
    if (!seconds.includes(key)) return value;
    const slower = Math.ceil(Number(value) / speed);
    return typeof value === "string" ? String(slower) : slower;
  });
  return Buffer.from(JSON.stringify(json));
}
