import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Speaking } from './components/speaking.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/ask.css';
import './styles/contrast.css';
import { AskView } from './views/ask.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
void window.asking.ask('facts', undefined).then((question) => {
  if (question === null) return;
  createRoot(root).render(
    <StrictMode>
      <Speaking locale={document.documentElement.lang}>
        <AskView question={question} asking={window.asking} />
      </Speaking>
    </StrictMode>,
  );
});
