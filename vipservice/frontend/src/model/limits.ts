// What the server takes at most; a test holds these to its numbers.

/** Characters of a message. */
export const BODY_LENGTH = 8000;
