/** The layout's and the page's common measure of a node card, in pixels at zoom 1. */
export const CARD_WIDTH = 172;
export const CARD_HEIGHT = 104;
export const COLUMN_GAP = 108;
export const ROW_GAP = 44;
