/** A file's name as it may stand in `content-disposition`: nothing but letters, digits, dots and dashes. */
export function attachmentName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 200) || 'file'
}
