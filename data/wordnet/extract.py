"""Reads the WordNet 3.0 database and prints what `domain::english` uses of it, one word a line."""
import re,sys,collections,os
D=sys.argv[1] if len(sys.argv)>1 else '/usr/share/wordnet'
POS={'noun':'n','verb':'v','adj':'a','adv':'r'}
ok=re.compile(r"^[a-z][a-z'-]*[a-z]$|^[a-z]$")
count=collections.defaultdict(lambda: collections.Counter()) # word -> pos -> tag count
senses=collections.defaultdict(list) # (word,pos)->[(num,offset,cnt)]
for line in open(f'{D}/index.sense',encoding='latin-1'):
    key,off,num,cnt=line.split()
    w,rest=key.split('%'); p={'1':'n','2':'v','3':'a','4':'r','5':'a'}[rest[0]]
    if ok.match(w): senses[w,p].append((int(num),off,int(cnt)))
synset={} # (pos,off)->words with pointers
der=collections.defaultdict(set)
hyp={}
for f,p in POS.items():
    for line in open(f'{D}/data.{f}',encoding='latin-1'):
        if line.startswith('  '): continue
        parts=line.split(' | ')[0].split()
        off=parts[0]; n=int(parts[3],16); ws=[re.sub(r'\(.*\)','',parts[4+2*i]) for i in range(n)]
        synset[p,off]=ws
        k=4+2*n; np=int(parts[k]); k+=1
        for i in range(np):
            sym,o,pp,st=parts[k:k+4]; k+=4
            if sym=='@' and p in 'nv': hyp.setdefault((p,off),[]).append((pp,o))
            if sym in('+','\\') and st!='0000':
                a=ws[int(st[:2],16)-1]; der[p,a].add((pp.replace('s','a'),o,int(st[2:],16)))
out={}
words=set(w for (w,p) in senses)
def der_words(p,w):
    r=set()
    for (pp,o,j) in der.get((p,w),()):
        t=synset[pp,o][j-1]
        if ok.match(t) and t in words and t!=w: r.add(t)
    return r
ids={}
def sid(p,o):
    return ids.setdefault((p,o),len(ids))
wide=set()
def wider(p,o,depth):
    r=[]
    for h in hyp.get((p,o),()):
        r.append(h)
        if depth>1: r+=wider(h[0],h[1],depth-1)
    return r
kept={}
for (w,p),s in senses.items():
    kept[w,p]=[(off) for num,off,cnt in sorted(s) if num<=3 or cnt>0]
for (w,p),offs in kept.items():
    for o in offs[:3]:
        if p in 'nv': wide.update(wider(p,o,2 if p=='n' else 1))
# what is wider than almost everything says nothing
TOO_WIDE={'entity','thing','object','artifact','artefact','whole','unit','abstraction','attribute','state','event','act','action','activity','group','relation','psychological feature','matter','cognition','content','quality','condition','property','instrumentality','change','move','be','have','make','do','get','act','give','take','communication','measure','part','device','person','individual','someone'}
rows=[]
for w in sorted(words):
    c=[]; syn=[]; dv=set(); wid=set()
    for p in 'nvar':
        s=senses.get((w,p),[])
        c.append('' if not s else str(sum(x[2] for x in s)))
        for num,off,cnt in sorted(s):
            members=[m for m in synset[p,off] if ok.match(m)]
            if len(members)>1 and (num<=3 or cnt>0): syn.append(sid(p,off))
        dv|=der_words(p,w)
        if p in 'nv':
            for o in kept.get((w,p),())[:3]:
                for h in wider(p,o,2 if p=='n' else 1):
                    if not (set(synset[h])&TOO_WIDE) and any(ok.match(m) for m in synset[h]): wid.add(sid(*h))
    rows.append('\t'.join([w]+c+[','.join(map(str,syn)),','.join(sorted(dv)),','.join(map(str,sorted(wid)))]))
open('data/wordnet/words.tsv','w').write('\n'.join(rows)+'\n')
exc=[]
for f,p in POS.items():
    for line in open(f'{D}/{f}.exc'):
        a=line.split()
        if ok.match(a[0]) and ok.match(a[1]) and a[1] in words: exc.append(f'{a[0]}\t{p}\t{a[1]}')
open('data/wordnet/forms.tsv','w').write('\n'.join(sorted(exc))+'\n')
print(len(rows),len(ids),len(exc))
