/** The header by which the distribution in front of the API proves that a request came through it. */
export const frontHeader = 'x-keyun-front';
