/** Calls while the scene is set; throws for anything but 2xx. */
export async function callShop<Body>(
  url: string,
  { method = 'GET', token, body }: { readonly method?: string; readonly token?: string; readonly body?: unknown } = {},
): Promise<Body> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${url} was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Body;
}
