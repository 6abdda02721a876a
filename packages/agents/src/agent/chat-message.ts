/** One message of a chat, as agents write it and gateways accept it. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}
