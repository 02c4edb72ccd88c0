import { simulate } from './testing/simulation.ts';
const n=Number(process.argv[2]??50), s=process.argv[3]??'1', off=Number(process.argv[4]??0);
let ok=0, bad=0, conf=0; const t=Date.now(); const kinds:any={};
for(let i=off;i<off+n;i++){ try{ const r=await simulate(s+'-'+i); ok++; conf+=r.conflicts }catch(e:any){ bad++; const k=e.invariant??e.message.slice(0,60); (kinds[k]??=[]).push(i); if(kinds[k].length<=Number(process.env.SHOW??1)) console.log(e.invariant?e.message.slice(0,3500):e.stack) } }
console.log({ok,bad,conf,ms:Date.now()-t}, JSON.stringify(kinds).slice(0,600));
process.exit(0);
