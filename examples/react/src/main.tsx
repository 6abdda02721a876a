import { CmoProvider } from "@cmo/client/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { cmo, queries } from "./clients.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root.");

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <CmoProvider cmo={cmo}>
        <App />
      </CmoProvider>
    </QueryClientProvider>
  </StrictMode>,
);
