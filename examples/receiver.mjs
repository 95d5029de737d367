import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const SIZE_MAX = 4 * 1024 * 1024;
const webhook = new Webhook(process.env.MOA_WEBHOOK_SECRET);
// For real: a unique key in your database, in the transaction that keeps what the event says.
const seen = new Set();

const receive = async (request) => {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) if ((size += chunk.length) <= SIZE_MAX) chunks.push(chunk);
  if (size > SIZE_MAX) return 413; // Then Moa sends fewer events at a time.
  let events;
  try {
    events = webhook.verify(Buffer.concat(chunks), request.headers); // Over the bytes as they came.
  } catch {
    return 401;
  }
  for (const { id, type, subject, data } of events) {
    if (seen.has(id)) continue;
    console.log(type, subject, JSON.stringify(data));
    seen.add(id);
  }
  return 204;
};

createServer(async (request, response) => {
  const status = await receive(request).catch(() => 500);
  response.writeHead(status).end();
}).listen(process.env.PORT ?? 4000, '127.0.0.1');
