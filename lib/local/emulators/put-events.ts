import * as z from "zod";

/** The body of an EventBridge PutEvents call. */
export const PutEvents = z.object({
  Entries: z.array(
    z.object({
      Source: z.string(),
      DetailType: z.string(),
      Detail: z.string(),
      EventBusName: z.string().optional(),
      Resources: z.array(z.string()).optional(),
    }),
  ),
});
export type PutEventsEntry = z.infer<typeof PutEvents>["Entries"][number];
