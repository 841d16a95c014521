/** What is read of the package's own description. */
declare module '*/package.json' {
  const description: { version: string };
  export default description;
}
