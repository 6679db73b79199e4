"""What the help of single commands says, here so that it has its Chinese; a test holds it to the commands."""

from .helping import gettext_noop

PARAGRAPHS = (
    gettext_noop(
        "The data folder must hold no campaign of your own. A second run loads nothing and serves what "
        "is there."
    ),
    gettext_noop(
        "The password of a new account is asked for, or read from standard input. With neither unit nor "
        "campaign the role holds for the whole installation."
    ),
    gettext_noop("Makes one account for each unit that takes part, with a one-time code and a slip to hand out."),
    gettext_noop(
        "Running it again makes only those that are missing. A code is shown once and kept nowhere: "
        "print the slips, then delete the file."
    ),
    gettext_noop(
        "An empty workbook to fill in: headings in the language of the template PACK, drop-downs, notes, "
        "and one example row a table, which an import leaves out."
    ),
    gettext_noop(
        "Brings a workbook into the records: creates what is new, updates what differs, leaves the rest. "
        "All or nothing: every fault is named by table, row and column (the first 1,000 in full), and "
        "with one fault nothing is written."
    ),
    gettext_noop(
        "A workbook is a folder of UTF-8 CSV files named after the tables, a .zip of such files, or an "
        ".xlsx with a sheet for each table. A CSV file may be of any length. An .xlsx may hold 200,000 "
        "rows and 4,000,000 cells in all, and unpack to 300 MB; larger ones come in as CSV. A cell holds "
        "up to 100,000 characters."
    ),
    gettext_noop(
        "Writes the records of CAMPAIGN as a workbook: an .xlsx where PATH ends so, else a folder of CSV "
        "files."
    ),
    gettext_noop("Adds the opinions of FILE, any CSV (UTF-8) or .xlsx with one opinion a row."),
    gettext_noop(
        "The same file a second time adds nothing. Without what it needs, the command says what is "
        "missing, which columns the file has, and how the command most likely reads in full."
    ),
    gettext_noop("Figures counted from the records of CAMPAIGN: all of them, or one FIGURE."),
    gettext_noop("Contradictions in the records of CAMPAIGN: what cannot all be true."),
    gettext_noop("May each unit leave the phase? Open or shut, with the duties met, waived and missing."),
    gettext_noop("Writes a document of CAMPAIGN. KIND is stage_summary or plan."),
    gettext_noop(
        "Every number is counted from records and frozen. Contradictions are told on standard error "
        "before the file is written. A summary that tells no problem is refused, unless a reason is "
        "given."
    ),
    gettext_noop("Writes the day's letters: what each person owes, what waits for them, what came back."),
    gettext_noop(
        "At most one a day for each account, and none where there is nothing to do; a second call on the "
        "same day writes none. Nothing is sent: a mail program of yours may take the letters from the "
        "folder."
    ),
    gettext_noop("One line to keep elsewhere: size:root:time:signature."),
    gettext_noop("Recomputes the whole ledger and finds what was changed, dropped, added or moved."),
    gettext_noop(
        "Against a head kept elsewhere it also finds what was cut off. Ends with 1 when anything is "
        "wrong."
    ),
    gettext_noop(
        "Groups the opinions in FILE that are about the same matter, as proposals for people to decide "
        "on."
    ),
    gettext_noop("Needs no database. Writes one row per opinion: id, group, label, confidence, reason, place."),
    gettext_noop(
        "Passages that stand in more than one of the documents in PATHS (.txt, .docx, .csv, or folders "
        "of them)."
    ),
    gettext_noop("Needs no database. Positions are characters of the original text. Hints, no verdicts."),
    gettext_noop(
        "FILE is replaced only when the new backup is whole. It holds everything, the keys included, and "
        "can be read by its owner alone: keep it as safe as the data folder itself, and best on another "
        "machine."
    ),
    gettext_noop(
        "Nothing is overwritten: the data folder has to be new or empty, and so has the database when "
        "DATABASE_URL names one. The backup is checked first, and the ledger in it verified."
    ),
    gettext_noop("Is this installation fit for use? Ends with 1 when something is broken, and changes nothing."),
    gettext_noop(
        "Looks at the folder, keys, disk, the database's durability and role, the ledger, the clock, "
        "holidays, fonts, LibreOffice, mail and address."
    ),
)
"""Of what each command does, besides `helping.SUMMARIES`."""

OPTIONS = (
    gettext_noop("For machines: {home, database}."),
    gettext_noop("How many units take part: a bureau, its school districts, its schools."),
    gettext_noop("The template pack it follows; its language is the data's."),
    gettext_noop("Only load it."),
    gettext_noop("For machines: {campaign, loaded, sign_ins}."),
    gettext_noop("The address of this machine to listen on."),
    gettext_noop("Processes that answer (default: one per core, up to 4)."),
    gettext_noop("For machines: {url}, once it answers."),
    gettext_noop("What the account may do."),
    gettext_noop("Over this unit and all below it."),
    gettext_noop("In this campaign alone; over its host unit where none is named."),
    gettext_noop("For machines."),
    gettext_noop("The role to take away."),
    gettext_noop("As it was given."),
    gettext_noop("The campaign whose units are invited."),
    gettext_noop("The role of the accounts."),
    gettext_noop("Slips to print: A4, eight a page."),
    gettext_noop("New codes for whoever has not used theirs; the old are void."),
    gettext_noop("For machines: the tables, with stable keys."),
    gettext_noop("Check everything and say what would change; write nothing."),
    gettext_noop("The campaign that the rows belong to, where the workbook has no table campaign."),
    gettext_noop("For machines: counts by table, or faults, with stable keys."),
    gettext_noop("For machines: rows by table, with stable keys."),
    gettext_noop("The campaign (needed)."),
    gettext_noop("The channel they came by; it must be there already (needed)."),
    gettext_noop("The column with the opinion itself (default: text, 内容 …)."),
    gettext_noop("A column with a title, put above the text."),
    gettext_noop("The column with the day or time it was received."),
    gettext_noop("The column with the code of the unit it concerns."),
    gettext_noop("The column with a code of its own (default: codes are made from the contents)."),
    gettext_noop("For machines: counts, or faults, with stable keys."),
    gettext_noop("Only these; may be given several times."),
    gettext_noop("Of this unit and all below it (default: the campaign's host)."),
    gettext_noop("As at this date (default: today), e.g. 2026-05-31."),
    gettext_noop("For every unit of the scope, each with all below it."),
    gettext_noop("With the codes of the records behind each value."),
    gettext_noop("For machines: a list with stable keys."),
    gettext_noop("For machines: a list of {lint, message, records}."),
    gettext_noop("The phase to be left (default: the phase of the day)."),
    gettext_noop("This unit and all below it (default: the campaign's host)."),
    gettext_noop("Of this unit (default: the campaign's host)."),
    gettext_noop("Of this phase (default: the latest with anything to tell)."),
    gettext_noop("With the figures as at this date (default: the phase's end, or today if it runs)."),
    gettext_noop("One of the template pack's outlines."),
    gettext_noop("Language of the document (default: the template pack's)."),
    gettext_noop("The reason why a summary has no problem to tell; it is printed."),
    gettext_noop("Where to write it: .docx, .pdf or .html."),
    gettext_noop("For machines: what was written, with stable keys."),
    gettext_noop("Where the letters are put, a .txt and an .eml for each account."),
    gettext_noop("For machines: {folder, letters}."),
    gettext_noop("A head kept elsewhere, as `ledger head` printed it."),
    gettext_noop("Column with the text; of several, the first is the title (default: found by its name)."),
    gettext_noop("Column with the id (default: found, or the row's number)."),
    gettext_noop("Where to write (default: standard output)."),
    gettext_noop("Folder with a small BERT model that helps with the meaning."),
    gettext_noop("Templates or the superior's documents; may be given several times."),
    gettext_noop("Where to write, .json or .html (default: JSON on standard output)."),
    gettext_noop("The data folder to make, new or empty (default: ZHIXING_HOME)."),
    gettext_noop("Example:"),
)
"""Of its options."""
