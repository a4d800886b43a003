/**
 * Characters that change how what stands beside them is read and are not seen themselves: the controls of direction
 * (UAX 9, with the marks), of annotation and shaping, what has no width, tags, fillers that look like nothing, and
 * every other control. Line ends and tabs are none.
 */
const INVISIBLE =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|\u034f|[\u17b4\u17b5]|[\u180b-\u180f]/gu

/** Joiners stay where they join: between letters of a script that needs them, and between pictures. */
const IDLE_JOINER =
  /(?<![\p{sc=Arab}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Mong}\p{Extended_Pictographic}\p{Emoji_Modifier}]|\ufe0f)[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}\p{Extended_Pictographic}])/gu

/**
 * A text as it will be read: without what cannot be seen and changes how the rest looks, so that nobody who decides by
 * a name, a reason or a note reads another one than was written. What looks alike in two scripts stays.
 */
export function asRead(text: string): string {
  return text
    .replace(INVISIBLE, (found) => (found === '\n' || found === '\r' || found === '\t' ? found : ''))
    .replace(IDLE_JOINER, '')
}

/** The same on one line, for names: line ends and tabs become a space, and none stands at either end. */
export function nameAsRead(text: string): string {
  return asRead(text)
    .replaceAll(/[\s\u0085\u2028\u2029]+/gu, ' ')
    .trim()
}
