import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { EngineContext } from './components/engine-context.ts';
import { SafePart } from './components/safe-part.tsx';
import { Speaking } from './components/speaking.tsx';
import { useAppSettings } from './components/use-app-settings.ts';
import { connectEngine } from './state/engine-client.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/screens.css';
import './styles/lists.css';
import './styles/history.css';
import './styles/conflicts.css';
import './styles/devices.css';
import './styles/settings.css';
import './styles/contrast.css';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
const engine = connectEngine(window);
/** Main writes it into the page. */
const firstLocale = document.documentElement.lang;

function Page() {
  return (
    <Speaking locale={useAppSettings()?.locale ?? firstLocale}>
      <SafePart where="window">
        <App />
      </SafePart>
    </Speaking>
  );
}

createRoot(root).render(
  <StrictMode>
    <EngineContext value={engine}>
      <Page />
    </EngineContext>
  </StrictMode>,
);
