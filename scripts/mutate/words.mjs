/** A sentence or a part of one. Nothing that is compared, looked up or signed has two words with a space between. */
export const WORDS = /[A-Za-z]{2} [A-Za-z]{2}/
