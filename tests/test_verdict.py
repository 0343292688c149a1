"""Yes or no: a case against a rule's bound, and one value of several in a sentence."""

from __future__ import annotations

import pytest

from qa import answer

RULES = """白沙县惠民办法

年满65周岁的老年人，可以免费乘坐公交车。

年龄不超过45周岁的，可以报名参加技能培训。

家庭人均月收入低于1200元的，可以申请临时救助。

注册资本不少于50万元的企业，可以申请贴息。

住房面积在90平方米以上的，不得申请购房补贴。

行李重量不超过15公斤的，免费托运。

谢绝14岁以下儿童入场参观矿井。
"""

BANKS = """白沙县金融报告

年末全县存款余额730亿元，同比增长8.2%；贷款余额410亿元，同比增长6.5%。

全县小学在校生12000人，初中在校生7000人。
"""


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("我68周岁，可以免费乘坐公交车吗？", "是"),
        ("我60周岁，可以免费乘坐公交车吗？", "否"),
        ("52周岁能不能报名参加技能培训", "否"),
        ("30周岁可以报名参加技能培训吗", "是"),
        ("家庭人均月收入900元可以申请临时救助吗？", "是"),
        ("家庭人均月收入1200元可以申请临时救助吗？", "否"),
        ("注册资本80万元的企业可以申请贴息吗？", "是"),
        ("注册资本20万元的企业可以申请贴息吗？", "否"),
        ("住房面积120平方米可以申请购房补贴吗？", "否"),
        ("行李重量10公斤托运要收费吗？", "否"),
        ("12岁的儿童可以入场参观矿井吗？", "否"),
    ],
)
def test_a_case_is_put_to_the_bound_of_a_rule(question: str, verdict: str) -> None:
    assert answer(question, documents=[RULES]).text.startswith(verdict)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("存款余额是730亿元吗？", "是"),
        ("存款余额是410亿元吗？", "否"),
        ("贷款余额是410亿元吗？", "是"),
        ("贷款余额是730亿元吗？", "否"),
        ("初中在校生是12000人吗？", "否"),
        ("小学在校生是12000人吗？", "是"),
    ],
)
def test_of_two_values_in_a_sentence_the_one_asked_about_is_judged(
    question: str, verdict: str
) -> None:
    assert answer(question, documents=[BANKS]).text.startswith(verdict)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [("失业率超过5%了吗？", "否"), ("失业率在6%以内吗？", "是"), ("失业率低于6%吗？", "是")],
)
def test_a_bound_is_no_proof_of_its_opposite(question: str, verdict: str) -> None:
    text = "白沙县公报\n\n全县失业率控制在5%以内，物价总体稳定。\n"
    assert answer(question, documents=[text]).text.startswith(verdict)


EXCEPTIONS = """白沙县便民规定

携带宠物者不得进入图书馆，导盲犬除外。

周末不予办理登记，婚姻登记除外。

外地车辆禁止在老城通行，新能源货车不受此限。

游客不得进入保护区，持证科研人员不在此限。

列车晚点超过90分钟的，可以全额退票。
"""


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("导盲犬可以进入图书馆吗？", "是"),
        ("宠物可以进入图书馆吗？", "否"),
        ("周末能办婚姻登记吗？", "是"),
        ("新能源货车能在老城通行吗？", "是"),
        ("持证科研人员可以进入保护区吗？", "是"),
        ("列车晚点120分钟可以全额退票吗？", "是"),
        ("列车晚点40分钟可以全额退票吗？", "否"),
    ],
)
def test_what_a_rule_leaves_out_is_judged_the_other_way(question: str, verdict: str) -> None:
    assert answer(question, documents=[EXCEPTIONS]).text.startswith(verdict)


@pytest.mark.parametrize(
    ("asked", "then", "verdict"),
    [
        ("东馆允许拍照吗？", "西馆呢？", "否"),
        ("西馆允许拍照吗？", "那东馆呢？", "是"),
        ("东馆可以刷社保卡吗？", "西馆呢？", "否"),
        ("东馆周一开放吗？", "那西馆呢？", "否"),
    ],
)
def test_a_follow_up_keeps_what_was_asked(asked: str, then: str, verdict: str) -> None:
    east = "东馆周一开放，允许拍照，可刷社保卡。"
    west = "西馆周一不开放，不允许拍照，不可刷社保卡。"
    text = f"白沙县展馆介绍\n\n{east}\n\n{west}\n"
    assert answer(then, history=[asked], documents=[text]).text.startswith(verdict)


TOWN = (
    "青石镇简介\n\n老年大学校长为王强，设书法、舞蹈两个班。\n\n去年篮球赛由蓝队夺得冠军，红队获亚军。\n\n"
    "民俗展览由博物馆主办，展期三个月。\n\n环湖路起点为西门，终点在码头。\n\n镇里的特产是板栗，用于制作糕点。"
)


@pytest.mark.parametrize(
    ("question", "verdict", "name"),
    [
        ("老年大学的校长是李明吗？", "否", "王强"),
        ("老年大学校长是王强吧？", "是", "王强"),
        ("篮球赛冠军是红队吧？", "否", "蓝队"),
        ("民俗展览的主办方是文化馆吗？", "否", "博物馆"),
        ("环湖路的起点是东门，对吗？", "否", "西门"),
        ("镇里的特产是核桃吧？", "否", "板栗"),
        ("镇里的特产是板栗吗？", "是", "板栗"),
    ],
)
def test_a_name_claimed_is_held_against_the_one_told(
    question: str, verdict: str, name: str
) -> None:
    found = answer(question, documents=[TOWN]).text
    assert found.startswith(verdict)
    assert name in found


CHARGES = (
    "白沙县服务指南\n\n低保家庭免缴物业费。图书馆不收押金，停车免费。游泳馆每次收费20元，学生免票。"
    "婚姻登记无需交费。体检费用由个人承担。\n"
)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("低保家庭要出钱吗？", "否"),
        ("图书馆借书要交钱吗？", "否"),
        ("学生游泳要买票吗？", "否"),
        ("婚姻登记收钱吗？", "否"),
        ("体检要掏钱吗？", "是"),
        ("游泳收费吗？", "是"),
    ],
)
def test_whether_one_pays_is_told_by_what_is_free(question: str, verdict: str) -> None:
    assert answer(question, documents=[CHARGES]).text.startswith(verdict)


@pytest.mark.parametrize(
    "question",
    [
        "有没有免费WiFi？", "提供APP吗", "可以用ETC付款吗", "是否支持VPN", "有没有提供USB充电",
    ],
)  # fmt: skip
def test_what_the_documents_nowhere_name_is_neither_affirmed_nor_denied(question: str) -> None:
    text = "河湾区简报\n\n为129家企业提供免费诊断服务，可以用现金付款，支持自助充电。"
    assert answer(question, documents=[text]).status == "refused"


def test_a_name_in_latin_letters_that_the_documents_have_is_decided() -> None:
    text = "河湾区简报\n\n全区公园提供免费wifi。"
    assert answer("公园有没有免费WiFi？", documents=[text]).text.startswith("是")


HOURS = """便民指南

博物馆每周一闭馆，周二至周五9:00—17:00开放。

档案馆工作日开放，周末不对外开放。

菜市场每天营业。

派出所户籍窗口周六上班，周日休息。

社区书屋星期三闭馆（法定节假日除外）。
"""


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("博物馆周一开门吗？", "否"),
        ("博物馆周一闭馆吗？", "是"),
        ("博物馆周三开放吗？", "是"),
        ("档案馆周末开放吗？", "否"),
        ("档案馆周二开放吗？", "是"),
        ("户籍窗口周日上班吗？", "否"),
        ("户籍窗口周六上班吗？", "是"),
        ("菜市场周日营业吗？", "是"),
        ("社区书屋星期三开门吗？", "否"),
    ],
)
def test_open_or_shut_on_a_weekday_is_told_by_its_clause(question: str, verdict: str) -> None:
    assert answer(question, documents=[HOURS]).text.startswith(verdict)


@pytest.mark.parametrize(
    "question",
    [
        "博物馆周日开放吗？", "社区书屋星期五开门吗？", "博物馆周六闭馆吗？",
        "体育场周日营业吗？", "社区书屋星期一闭馆吗？",
    ],
)  # fmt: skip
def test_of_a_weekday_that_is_not_told_nothing_is_said(question: str) -> None:
    assert answer(question, documents=[HOURS]).status == "refused"


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("活动在室外举行吗？", "否"),
        ("活动是强制参加的吗？", "否"),
        ("该校是公办学校吗？", "否"),
        ("用电量增加了吗？", "否"),
        ("用电量下降了吗？", "是"),
        ("开工日期推迟了吗？", "否"),
        ("绿地面积缩小了吗？", "否"),
    ],
)
def test_what_says_the_opposite_denies(question: str, verdict: str) -> None:
    text = (
        "活动公告\n\n活动在室内举行，自愿参加。该校为民办学校。用电量同比下降3%。"
        "开工日期提前两天。绿地面积扩大到40公顷。\n"
    )
    assert answer(question, documents=[text]).text.startswith(verdict)


STOREYS = """加装电梯补贴通知

一、申报条件

（一）房屋为四层以上（含四层）且未设电梯的住宅；

（二）房屋已取得合法权属证明。

二、补贴标准

四层、五层住宅每台补贴18万元，六层以上（含六层）住宅每台补贴22万元。

三、申报材料

1．加装电梯财政补贴申请表（一式三份）；

2．身份证复印件（一式两份）。
"""


@pytest.mark.parametrize("storeys", ["四", "五", "六", "七", "八"])
def test_a_case_within_one_of_several_bounds_is_admitted(storeys: str) -> None:
    question = f"{storeys}层住宅能申请加装电梯补贴吗？"
    assert answer(question, documents=[STOREYS]).text.startswith("是")


@pytest.mark.parametrize("storeys", ["一", "二", "两", "三", "3"])
def test_a_case_within_no_bound_is_not_admitted(storeys: str) -> None:
    question = f"{storeys}层住宅能申请加装电梯补贴吗？"
    told = answer(question, documents=[STOREYS])
    assert told.status == "refused" or told.text.startswith("否")


COUNTY = """青禾县2023年民生简报

教育

县实验中学、新城小学建成招生，新改扩建中小学5所，入学难问题基本缓解。

交通

松河码头改造完工，开通定制公交线路6条，新增公共停车位800个。

养老

建成社区幸福食堂4个、养老服务中心2个，完成适老化改造120户。

产业

远山集团华东总部落户临港园区，海川公司在园区设立研发中心。

住房

筹集保障性租赁住房300套，租金低于市场价，手续简便。
"""


@pytest.mark.parametrize(
    "question",
    [
        "青禾县有机场吗？", "青禾县有没有大学？", "县里有火车站吗", "今年会新建地铁吗？",
        "海川公司总部在青禾县吗？", "青禾县有没有博物馆", "动物园在青禾县吗？", "县里有养老院吗？",
    ],
)  # fmt: skip
def test_that_a_thing_is_there_is_not_read_from_what_is_near_it(question: str) -> None:
    assert answer(question, documents=[COUNTY]).status == "refused"


@pytest.mark.parametrize(
    "question",
    [
        "青禾县有幸福食堂吗？", "青禾县有没有养老服务中心？", "县里有定制公交吗？",
        "青禾县有没有保障性租赁住房", "远山集团华东总部在临港园区吗？", "有没有研发中心？",
    ],
)  # fmt: skip
def test_that_a_thing_is_there_is_affirmed_where_it_is_named(question: str) -> None:
    assert answer(question, documents=[COUNTY]).text.startswith("是")


@pytest.mark.parametrize(
    "question",
    [
        "停车位够不够？", "青禾县教育质量好不好？", "青禾县适合养老吗？", "公交方便吗？",
        "食堂贵不贵？", "幸福食堂好不好吃", "青禾县房价高吗？", "养老服务中心够用吗？",
    ],
)  # fmt: skip
def test_what_is_not_judged_is_not_judged_by_us(question: str) -> None:
    assert answer(question, documents=[COUNTY]).status == "refused"


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("全镇停车位够不够？", "否"),
        ("南山适合露营吗？", "是"),
        ("办证方便吗？", "是"),
        ("北坡适合登山吗？", "否"),
    ],
)
def test_what_is_judged_is_told(question: str, verdict: str) -> None:
    text = (
        "白鹿镇简介\n\n全镇停车位严重不足。空气质量优良。南山适合露营。北坡陡峭，不适合登山。"
        "办证实行一窗受理，方便快捷。\n"
    )
    assert answer(question, documents=[text]).text.startswith(verdict)


@pytest.mark.parametrize(
    "question",
    ["空气质量好不好？", "饭菜好不好吃？", "老师水平高不高？", "办事快不快", "河水美不美"],
)
def test_praise_is_no_denial(question: str) -> None:
    text = "白鹿镇简介\n\n空气质量优良。饭菜好吃。老师水平较高。办事迅速。河水秀丽。\n"
    assert not answer(question, documents=[text]).text.startswith("否")
