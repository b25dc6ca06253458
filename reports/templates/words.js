// What the page says, in English and Arabic. Plurals follow Intl.PluralRules; {n} is the number, {x} whatever is given.
const WORDS = {
  en: {
    overview: "Overview", findings: "Findings", files: "Files", queue: "Review queue", report: "auditor report",
    "verdict.clean": "Clean", "verdict.repaired": "Repaired", "verdict.review": "Review", "verdict.unchecked": "Unchecked",
    "about.clean": "Nothing to repair.", "about.repaired": "{x} of {y} fixed in the cleaned copies.",
    "about.review": "{x} left for a person to look at, {y} fixed.",
    "about.unchecked": "{x} could not be checked and stayed as found; {y} fixed in the others.",
    "finding": { one: "{n} finding", other: "{n} findings" }, "file": { one: "{n} file", other: "{n} files" },
    "document": { one: "{n} document", other: "{n} documents" },
    "line": { one: "{n} unchanged line", other: "{n} unchanged lines" },
    quality: "Quality", quality_cleaned: "Quality after cleaning", deleted: "Text deleted", density: "Findings per 1,000 words",
    boilerplate: "Page furniture", duplicate: "Printed twice", translation: "Translation score",
    "mean": "mean of {x}", "before": "before", "after": "after", "over": "of all characters",
    "worst": "Files of the lowest quality", "busiest": "Rules that fired most", "categories": "Findings by category",
    "signs": "May be machine translation", "signs.note": "Signs, no proof. Translations by people and plain official prose score high, too: read some before you decide.",
    "fingerprints": "Fingerprints", "high": "Scores of 0.9 and more", "signals": "Signals", "of": "{x} of {y}",
    unchecked: "Not checked, left as found", "made": "Made with", "packs": "Rule packs", "options": "Options",
    "all.files": "All files", "all.findings": "All findings", rule: "Rule", category: "Category", severity: "Severity",
    confidence: "Confidence", site: "Site", verdict: "Verdict", known: "Baseline", fix: "Repair",
    "known.new": "new", "known.known": "known", "known.true": "judged right",
    "fix.fixed": "repaired", "fix.safe": "safe fix left", "fix.unsafe": "unsafe fix", "fix.display": "suggestion", "fix.none": "no fix",
    "d.open": "not judged", "d.true": "right", "d.false": "false positive", "d.skip": "skipped",
    "s.error": "error", "s.warning": "warning", "s.info": "info",
    "search": "Search in matches, messages, files", "facets": "Filters", "clear": "Clear filters", "more": "{x} more…", "find.value": "find…",
    "shown": "{x} of {y}", "none": "Nothing matches these filters.", "no.findings": "No findings in this run.",
    "results": "{x} match", "accept": "Right", "false": "False positive", "skip": "Skip", "undo": "Undo", "help": "Keys", "export": "Export",
    "group": "Same match everywhere ({n})", "group.on": "The next verdict counts for {x} with this match.",
    "why": "Why", "where": "Where", "context": "In its place", "would": "The fix", "delete": "delete", "original": "Original", "cleaned": "Cleaned",
    "link": "Copy link", "copied": "Copied", "open": "Open the text", "note": "Note", "related": "Points to", "related.here": "The chosen finding points here", "line.at": "line {n}:",
    "judged.all": "{x}: {y}", "undone": "Undone", "nothing.undo": "Nothing to undo",
    "cut": "This text is long: only lines with findings and two lines around each are kept here.",
    "notext": "The text is not kept in this report.", "loading": "Loading…", "gone": "line removed", "break": "line break removed",
    "lines.all": "All lines", "lines.changed": "Changes only", "prev": "Previous", "next": "Next", "of.documents": "document {x} of {y}",
    "record": "record", "documents": "Documents", "characters": "Characters", "fixed": "Repaired", "findings.n": "Findings", "name": "File",
    "queue.about": "A sample of every rule, spread over its sites. A rule is judged enough when its 95 % interval is narrower than 20 points, or its whole sample is judged.",
    "sites": "Sites", "judged": "Judged", "precision": "Right so far", "interval": "95 % interval", "status": "State",
    "enough": "judged enough", "todo": "about {n} more", "begin": "Review", "queue.of": "Queue of {x}", "queue.leave": "Leave the queue", "whole": "all judged",
    "export.title": "Export verdicts", "export.about": "Kept in this browser only until you export them. `auditor decide import FILE…` takes the files of one or more people.",
    "person": "Your name", "download": "Download YAML", "copy": "Copy", "good": "False positives as `good:` examples", "export.none": "No verdicts yet.",
    "verdicts": { one: "{n} verdict", other: "{n} verdicts" }, "close": "Close", "keys.title": "Keys",
    "k.jk": "next, previous finding", "k.[]": "next, previous file", "k.a": "right: the rule has a point", "k.f": "false positive", "k.s": "skip", "k.u": "undo the last verdict",
    "k.x": "the next verdict counts for the same match in all files", "k.o": "open the text", "k.slash": "search", "k.q": "these keys", "k.esc": "back to the list",
    "storage": "This browser keeps no verdicts for this page; export them before you close it.",
    "sample.note": "{x} of {y} are in this report: a fair share of every rule. All are in findings.jsonl.",
    "narrow.note": "Of {x}, only the lines with findings are kept here.", "language": "العربية", "skip.to": "Skip to the content",
    "bad.data": "The data of this report could not be read: {x}", "old": "This browser is too old for this report.", "lines": "Lines",
    "shard": "{x} is missing, or was changed. It belongs beside this page.", "print.more": "and {x} more, not printed", "sort": "Sort by", "plain": "text",
    "histogram": "Distribution over {x}: {y}", "decided": "{x} judged", "hide": "Hide filters",
  },
  ar: {
    overview: "نظرة عامة", findings: "الملاحظات", files: "الملفات", queue: "قائمة المراجعة", report: "تقرير auditor",
    "verdict.clean": "نظيف", "verdict.repaired": "أُصلح", "verdict.review": "للمراجعة", "verdict.unchecked": "لم يُفحص",
    "about.clean": "لا شيء يحتاج إلى إصلاح.", "about.repaired": "أُصلح {x} من أصل {y} في النسخ المنظفة.",
    "about.review": "بقي لنظر المراجع: {x}، وأُصلح {y}.",
    "about.unchecked": "تعذر فحص {x} وبقيت كما هي؛ وأُصلح {y} في غيرها.",
    "finding": { zero: "لا ملاحظات", one: "ملاحظة واحدة", two: "ملاحظتان", few: "{n} ملاحظات", many: "{n} ملاحظة", other: "{n} ملاحظة" },
    "file": { zero: "لا ملفات", one: "ملف واحد", two: "ملفان", few: "{n} ملفات", many: "{n} ملفا", other: "{n} ملف" },
    "document": { zero: "لا وثائق", one: "وثيقة واحدة", two: "وثيقتان", few: "{n} وثائق", many: "{n} وثيقة", other: "{n} وثيقة" },
    "line": { zero: "لا سطور", one: "سطر واحد بلا تغيير", two: "سطران بلا تغيير", few: "{n} أسطر بلا تغيير", many: "{n} سطرا بلا تغيير", other: "{n} سطر بلا تغيير" },
    quality: "الجودة", quality_cleaned: "الجودة بعد التنظيف", deleted: "النص المحذوف", density: "الملاحظات لكل 1000 كلمة",
    boilerplate: "حشو الصفحات", duplicate: "النص المكرر", translation: "درجة الترجمة الآلية",
    "mean": "متوسط {x}", "before": "قبل", "after": "بعد", "over": "من مجموع الحروف",
    "worst": "الملفات الأدنى جودة", "busiest": "القواعد الأكثر ظهورا", "categories": "الملاحظات حسب الصنف",
    "signs": "قد تكون ترجمة آلية", "signs.note": "علامات لا أدلة: ترجمات البشر والنصوص الرسمية قد تنال درجات عالية أيضا، فاقرأ بعضها قبل أن تحكم.",
    "fingerprints": "البصمات", "high": "درجات 0.9 فأكثر", "signals": "العلامات", "of": "{x} من {y}",
    unchecked: "لم يُفحص وبقي كما هو", "made": "صُنع بواسطة", "packs": "حزم القواعد", "options": "الخيارات",
    "all.files": "كل الملفات", "all.findings": "كل الملاحظات", rule: "القاعدة", category: "الصنف", severity: "الشدة",
    confidence: "الثقة", site: "الموقع", verdict: "الحكم", known: "خط الأساس", fix: "الإصلاح",
    "known.new": "جديدة", "known.known": "معروفة", "known.true": "حُكم بصحتها",
    "fix.fixed": "أُصلحت", "fix.safe": "إصلاح آمن لم يُنفذ", "fix.unsafe": "إصلاح غير آمن", "fix.display": "اقتراح", "fix.none": "بلا إصلاح",
    "d.open": "لم يُحكم", "d.true": "صحيحة", "d.false": "إنذار خاطئ", "d.skip": "متروكة",
    "s.error": "خطأ", "s.warning": "تحذير", "s.info": "معلومة",
    "search": "ابحث في النصوص والرسائل والملفات", "facets": "المرشحات", "clear": "امسح المرشحات", "more": "{x} أخرى…", "find.value": "ابحث…",
    "shown": "{x} من {y}", "none": "لا شيء يطابق هذه المرشحات.", "no.findings": "لا ملاحظات في هذا التشغيل.",
    "results": "المطابق: {x}", "accept": "صحيحة", "false": "إنذار خاطئ", "skip": "اترك", "undo": "تراجع", "help": "المفاتيح", "export": "تصدير",
    "group": "النص نفسه في كل الملفات ({n})", "group.on": "الحكم التالي يشمل {x} بهذا النص.",
    "why": "السبب", "where": "المكان", "context": "في موضعها", "would": "الإصلاح", "delete": "حذف", "original": "الأصل", "cleaned": "المنظف",
    "link": "انسخ الرابط", "copied": "نُسخ", "open": "افتح النص", "note": "تعليق", "related": "تشير إلى", "related.here": "إلى هنا تشير الملاحظة المختارة", "line.at": "السطر {n}:",
    "judged.all": "{x}: {y}", "undone": "أُلغي آخر حكم", "nothing.undo": "لا شيء للتراجع عنه",
    "cut": "النص طويل: لا يُحفظ هنا إلا السطور ذات الملاحظات وسطران حول كل منها.",
    "notext": "النص غير محفوظ في هذا التقرير.", "loading": "جار التحميل…", "gone": "سطر محذوف", "break": "حُذف فاصل السطر",
    "lines.all": "كل السطور", "lines.changed": "التغييرات فقط", "prev": "السابق", "next": "التالي", "of.documents": "وثيقة {x} من {y}",
    "record": "السجل", "documents": "الوثائق", "characters": "الحروف", "fixed": "المُصلح", "findings.n": "الملاحظات", "name": "الملف",
    "queue.about": "عينة من كل قاعدة موزعة على مواقعها. يكفي الحكم على القاعدة حين يضيق مجال الثقة (95٪) عن 20 نقطة، أو تُستوفى العينة.",
    "sites": "المواقع", "judged": "المحكوم", "precision": "الصحيح حتى الآن", "interval": "مجال 95٪", "status": "الحالة",
    "enough": "حُكم عليها بما يكفي", "todo": "نحو {n} أخرى", "begin": "راجع", "queue.of": "قائمة {x}", "queue.leave": "غادر القائمة", "whole": "استوفيت كلها",
    "export.title": "تصدير الأحكام", "export.about": "تبقى الأحكام في هذا المتصفح حتى تصدرها. الأمر `auditor decide import FILE…` يجمع ملفات مراجع أو أكثر.",
    "person": "اسمك", "download": "نزّل YAML", "copy": "انسخ", "good": "الإنذارات الخاطئة أمثلة `good:`", "export.none": "لا أحكام بعد.",
    "verdicts": { zero: "لا أحكام", one: "حكم واحد", two: "حكمان", few: "{n} أحكام", many: "{n} حكما", other: "{n} حكم" }, "close": "أغلق", "keys.title": "المفاتيح",
    "k.jk": "الملاحظة التالية، السابقة", "k.[]": "الملف التالي، السابق", "k.a": "صحيحة: القاعدة محقة", "k.f": "إنذار خاطئ", "k.s": "اترك", "k.u": "تراجع عن آخر حكم",
    "k.x": "الحكم التالي يشمل النص نفسه في كل الملفات", "k.o": "افتح النص", "k.slash": "بحث", "k.q": "هذه المفاتيح", "k.esc": "عودة إلى القائمة",
    "storage": "لا يحفظ هذا المتصفح أحكام هذه الصفحة؛ صدّرها قبل الإغلاق.",
    "sample.note": "في هذا التقرير {x} من {y}: نصيب عادل لكل قاعدة. وكلها في findings.jsonl.",
    "narrow.note": "من {x} لا تُحفظ هنا إلا السطور ذات الملاحظات.", "language": "English", "skip.to": "انتقل إلى المحتوى",
    "bad.data": "تعذرت قراءة بيانات هذا التقرير: {x}", "old": "هذا المتصفح أقدم من أن يعرض التقرير.", "lines": "السطور",
    "shard": "الملف {x} مفقود أو مغيَّر، ومكانه إلى جانب هذه الصفحة.", "print.more": "و{x} أخرى لم تُطبع", "sort": "الترتيب حسب", "plain": "نص",
    "histogram": "التوزيع على {x}: {y}", "decided": "حُكم على {x}", "hide": "أخفِ المرشحات",
    "boilerplate.c": "حشو الصفحات", "caption.c": "تعليقات الصور", "byline.c": "أسماء الكتّاب", "mistranslation.c": "أسماء مترجمة خطأ",
    "untranslated.c": "بلا ترجمة", "translation-style.c": "أسلوب الترجمة", "mixed-script.c": "خلط الأبجديات", "duplicate.c": "تكرار",
    "encoding.c": "ترميز", "spacing.c": "مسافات", "language.c": "لغة", "quality.c": "جودة",
    "very-high.f": "عالية جدا", "high.f": "عالية", "medium.f": "متوسطة", "low.f": "منخفضة",
  },
};
let LANG = "en";
let plural, digits, percents;
function speak(lang) {
  LANG = WORDS[lang] ? lang : "en";
  const locale = LANG === "ar" ? "ar-u-nu-latn" : "en"; // line numbers and paths have Latin digits anyway
  plural = new Intl.PluralRules(locale);
  digits = new Intl.NumberFormat(locale);
  percents = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  document.documentElement.lang = LANG;
  document.documentElement.dir = LANG === "ar" ? "rtl" : "ltr";
}
speak("en");
function say(key, given = {}) {
  const word = WORDS[LANG][key] ?? WORDS.en[key] ?? key;
  return word.replace(/\{(\w)\}/g, (whole, name) => (name in given ? String(given[name]) : whole));
}
function some(key, n) {
  const words = WORDS[LANG][key];
  return (words[plural.select(n)] ?? words.other).replace("{n}", digits.format(n));
}
const named = (value, kind) => WORDS[LANG][`${value}.${kind}`] ?? value;
const number = (n) => digits.format(n);
function share(part, whole) { // a little is never shown as nothing, nor most as all
  if (!part || !whole) return percents.format(0);
  const value = part / whole;
  if (value < 0.001) return "< " + percents.format(0.001);
  return percents.format(part < whole ? Math.min(value, 0.999) : 1);
}
