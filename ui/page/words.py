"""The words of the page, in Chinese and in English; answers are in the documents' language."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CHINESE", "ENGLISH", "Words", "words_for", "words_in"]


@dataclass(frozen=True, slots=True)
class Words:
    """Everything a page says of its own, in one language; `{}` is filled in."""

    lang: str
    title: str
    subtitle: str
    other_language: str
    other_path: str
    ask_tab: str
    figures_tab: str
    question: str
    placeholder: str
    submit: str
    conversation: str
    examples: str
    again: str
    history: str
    clear_history: str
    pending: str
    refused: str
    failed: str
    evidence: str
    nearest: str
    source_number: str
    page: str
    only_within: str
    everywhere: str
    follow_ups: str
    can_answer: str
    copy: str
    copied: str
    share: str
    shared: str
    feedback: str
    right: str
    wrong: str
    wrong_evidence: str
    missing: str
    note: str
    send: str
    thanks: str
    not_sent: str
    close: str
    open_alone: str
    source: str
    no_source: str
    upload: str
    uploading: str
    asking: str
    remove: str
    figures_intro: str
    search_figures: str
    all_years: str
    all_statuses: str
    year: str
    status: str
    done: str
    target: str
    indicator: str
    value: str
    unit: str
    sentence: str
    more: str
    found: str
    over_years: str
    no_series: str
    login: str
    secret: str
    enter: str
    wrong_secret: str
    no_operator: str
    operator: str
    documents: str
    characters: str
    add_documents: str
    add: str
    preparing: str
    adding: str
    added: str
    duplicates: str
    choose_files: str
    back: str
    internal: str
    busy: str
    expired: str
    not_a_question: str
    log_out: str
    conflict: str
    steps: tuple[str, ...]  # of indexing, the Chinese ones as the index calls them


CHINESE = Words(
    lang="zh-CN",
    title="东西湖问答",
    subtitle="就收录的文章提问，得到简短的回答和原文依据；文中没有的，会直说没有。",
    other_language="English",
    other_path="/en/?lang=en",
    ask_tab="问答",
    figures_tab="数据",
    question="问题",
    placeholder="输入问题，按回车提问",
    submit="提问",
    conversation="对话",
    examples="可以这样问",
    again="开始新的对话",
    history="问过的问题",
    clear_history="清空",
    pending="正在查找…",
    refused="没有找到答案",
    failed="没能回答",
    evidence="原文依据",
    nearest="最接近的内容（并未回答这个问题）",
    source_number="看第 {} 条原文依据",
    page="第 {} 页",
    only_within="只在这里找：{}",
    everywhere="在全部文档里找",
    follow_ups="接着问",
    can_answer="资料里可以回答",
    copy="复制",
    copied="已复制",
    share="复制链接",
    shared="链接已复制",
    feedback="反馈",
    right="回答正确",
    wrong="回答错误",
    wrong_evidence="依据不对",
    missing="有遗漏",
    note="补充说明（可不填）",
    send="提交",
    thanks="已记下，谢谢",
    not_sent="没有存下：{}",
    close="关闭",
    open_alone="单独打开",
    source="原文",
    no_source="打不开原文：{}",
    upload="带一份文档",
    uploading="正在读取《{}》… {}%",
    asking="正在问：{}（只在这次访问里）",
    remove="移除，改问原有资料",
    figures_intro="资料里的全部数字：说的是什么、哪一年、已完成还是目标，点一行看原文。",
    search_figures="搜索数字",
    all_years="全部年份",
    all_statuses="完成和目标",
    year="年份",
    status="状态",
    done="完成",
    target="目标",
    indicator="指标",
    value="数值",
    unit="单位",
    sentence="原句",
    more="再显示一些",
    found="{} 个数字",
    over_years="有两年以上的指标",
    no_series="资料里没有同一指标两年的数字",
    login="登录",
    secret="访问令牌或运维密码",
    enter="进入",
    wrong_secret="令牌或密码不对",
    no_operator="还没有设运维密码，请先在服务器上运行 dongxihu password",
    operator="资料管理",
    documents="已收录的文章",
    characters="字数",
    add_documents="收录新的文章",
    add="收录",
    preparing="正在准备…",
    adding="正在{}… {}/{}",
    steps=("读取文件", "计算向量", "更新旧索引"),
    added="新收录 {} 篇，更新 {} 篇，现共 {} 篇；新的提问会用上它们",
    duplicates="重复、没有再收录：{}",
    choose_files="请先选择文件",
    back="回到问答",
    internal="抱歉，没能完成。请稍后再试，或查看服务器日志。",
    busy="现在问的人太多，请稍后再试",
    expired="上传的文档已过期，请移除后重新上传",
    not_a_question="请输入问题，不超过 500 个字",
    log_out="退出",
    conflict="资料里的说法不一",
)

ENGLISH = Words(
    lang="en",
    title="Dongxihu QA",
    subtitle="Ask in Chinese or English; get a short answer in Chinese with the sentence it "
    "stands in, or hear that the documents do not say.",
    other_language="中文",
    other_path="/?lang=zh",
    ask_tab="Ask",
    figures_tab="Figures",
    question="Question",
    placeholder="Type a question and press Enter",
    submit="Ask",
    conversation="Conversation",
    examples="For example",
    again="Start anew",
    history="Asked before",
    clear_history="Clear",
    pending="Looking it up…",
    refused="No answer found",
    failed="Not answered",
    evidence="Where it says so",
    nearest="The nearest thing said (it does not answer the question)",
    source_number="Show source {}",
    page="page {}",
    only_within="Only within: {}",
    everywhere="Search everything",
    follow_ups="Ask further",
    can_answer="The documents can answer",
    copy="Copy",
    copied="Copied",
    share="Copy link",
    shared="Link copied",
    feedback="Feedback",
    right="Right",
    wrong="Wrong",
    wrong_evidence="Wrong evidence",
    missing="Something is missing",
    note="Anything to add (optional)",
    send="Send",
    thanks="Noted, thank you",
    not_sent="Not kept: {}",
    close="Close",
    open_alone="Open alone",
    source="Source",
    no_source="The source cannot be opened: {}",
    upload="Bring a document",
    uploading="Reading {}… {}%",
    asking="Asking {} (for this visit only)",
    remove="Remove, and ask the documents here",
    figures_intro="Every figure of the documents: what it counts, its year, done or aimed at. "
    "A row opens its source.",
    search_figures="Search figures",
    all_years="All years",
    all_statuses="Done and targets",
    year="Year",
    status="Status",
    done="done",
    target="target",
    indicator="Indicator",
    value="Value",
    unit="Unit",
    sentence="Sentence",
    more="Show more",
    found="{} figures",
    over_years="Given for two years or more",
    no_series="No figure is given for two years",
    login="Log in",
    secret="Access token or operator password",
    enter="Enter",
    wrong_secret="Wrong token or password",
    no_operator="No operator password is set; run dongxihu password on the server first",
    operator="Documents",
    documents="Documents indexed",
    characters="Characters",
    add_documents="Add documents",
    add="Add",
    preparing="Getting ready…",
    adding="Indexing ({})… {}/{}",
    steps=("files", "passages", "older documents"),
    added="{} new, {} updated, {} in all; new questions use them",
    duplicates="Not added again: {}",
    choose_files="Choose files first",
    back="Back to the questions",
    internal="Sorry, that did not work. Try again in a while, or see the server's log.",
    busy="Too much is being asked at the moment; try again in a while",
    expired="Your document has been forgotten; remove it and bring it again",
    not_a_question="Type a question of at most 500 characters",
    log_out="Log out",
    conflict="The documents differ",
)


def words_in(lang: str) -> Words:
    """The words of a language that a page names; Chinese for any but English."""
    return ENGLISH if lang == ENGLISH.lang else CHINESE


def words_for(accept_language: str) -> Words:
    """The language for an Accept-Language header: English where another comes before Chinese."""
    wanted: list[tuple[float, str]] = []
    for part in accept_language.lower().split(","):
        name, _, weight = part.replace(" ", "").partition(";q=")
        try:
            wanted.append((-float(weight or 1), name))
        except ValueError:
            continue
    _, first = min(wanted, key=lambda pair: pair[0], default=(0, ""))
    return ENGLISH if first and not first.startswith(("zh", "*")) else CHINESE
