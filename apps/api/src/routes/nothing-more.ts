/** For native routes that take no body or no query: what is sent all the same is a mistake. */
import { z } from "zod";

export const noBody = z.strictObject({}).nullish();
export const noQuery = z.strictObject({});
