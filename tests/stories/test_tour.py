"""The tour of a social organisation's project, played to its end from the demo accounts alone."""

import re

from playwright.sync_api import Browser, Page, expect

from core.demo import RESIDENT
from core.manifest import DemoAccount
from plugins.venture.demo.places import APPLICANT, DISTRICT, EXPERTS, OFFICER, PAYER
from plugins.venture.demo.tour import TOUR
from tests.core.files.pictures import photo
from tests.stories.conftest import Product
from tests.stories.visitor import IN_BROWSER, PHONE, Visitor

pytestmark = IN_BROWSER
OPEN, AGED = "罗江区邻里互助微创投", "罗江区助老微创投"
CHILDREN, GREEN = "罗江区儿童友好微创投", "罗江区绿色社区微创投"


class Player:
    """Somebody who follows the tour, one account after the other."""

    def __init__(self, browser: Browser, base: str) -> None:
        self._browser, self._base = browser, base
        self._known: dict[str, Visitor] = {}

    def visitor(self, account: DemoAccount) -> Visitor:
        if account.phone not in self._known:
            name = f"tour-{account.phone}"
            self._known[account.phone] = Visitor(self._browser, self._base, PHONE, name, account)
        return self._known[account.phone]

    def opens(self, account: DemoAccount, path: str, *links: str) -> tuple[Visitor, Page]:
        """Go to the step's page, and on by links that contain these words."""
        visitor = self.visitor(account)
        page = visitor.go(path)
        for link in links:
            page.get_by_role("main").get_by_role("link", name=re.compile(link)).first.click()
            visitor.look()
        return visitor, page


def test_a_stranger_plays_the_tour_to_its_end(product: Product, browser: Browser) -> None:
    player = Player(browser, product.base)
    shown = player.visitor(RESIDENT).go("/tour")
    expect(shown.locator(f"#{TOUR.code} ol > li")).to_have_count(len(TOUR.steps))
    _register_and_apply(player)
    _score_and_rank(player)
    _object_and_award(player)
    _pay(player)


def _register_and_apply(player: Player) -> None:
    resident, page = player.opens(RESIDENT, "/organizations/new")
    code = re.search(r"代码 (\w{18})", TOUR.steps[0].text)
    assert code is not None
    resident.fill(组织全称="样远助学中心", 统一社会信用代码=code[1][:-1] + "1")
    page.get_by_label("组织类型").select_option(label="社会服务机构")
    page.get_by_label("所在地区").select_option(label="四川省 德阳市 罗江区 万安镇")
    resident.press("提交审核", says="统一社会信用代码不对")
    resident.fill(统一社会信用代码=code[1])
    resident.press("提交审核", says="已经交给所在地区的工作人员")
    staff, page = player.opens(DISTRICT, "/todo", "样远助学中心")
    page.get_by_role("radio", name="通过", exact=True).check()
    staff.press("交审核结果")
    resident, page = player.opens(RESIDENT, "/venture", OPEN, "申报项目")
    resident.fill(**{"项目名称": "周末自习室", "需求：谁缺什么": "孩子没地方写作业"})
    resident.fill(**{"做什么，怎么做，什么时候做": "每周六开门", "受益人数": "30", "申请金额 (元)": "9000"})
    resident.press("下一步：写预算", says="还没有提交")
    page.get_by_label("类别").select_option(label="人员劳务")
    resident.fill(**{"用途": "社工", "数量": "9", "单价 (元)": "1000"})
    resident.press("加这一行", says="预算明细和申请金额一致")
    resident.press("提交申报", says="已提交")


def _score_and_rank(player: Player) -> None:
    for number in range(2):
        expert, page = player.opens(EXPERTS[0], "/venture/reviews")
        page.get_by_role("main").get_by_role("link", name=re.compile(AGED)).first.click()
        page.get_by_role("radio", name="没有利益关系").check()
        expert.press("交声明")
        for label in ("需求真实 (权重 35)", "方案可行 (权重 30)", "团队能力 (权重 20)", "预算合理 (权重 15)"):
            expert.fill(**{label: str(88 - number)})
        expert.press("提交并封存")
    officer, _ = player.opens(OFFICER, "/venture", AGED, "办理")
    officer.press("公布排名，开始公示", says="结果公示")
    officer.press("定标，发出合同", says="公示期满才能定标")


def _object_and_award(player: Player) -> None:
    resident, page = player.opens(RESIDENT, "/venture", CHILDREN)
    page.get_by_text("对结果有异议？").click()
    page.get_by_label("哪个项目").select_option(label="四点半课堂")
    resident.fill(事实和理由="去年的活动只办了一半")
    resident.press("提交异议", says="等待答复")
    officer, page = player.opens(OFFICER, "/todo", "四点半课堂：答复异议")
    page.get_by_role("radio", name="异议不成立").check()
    officer.fill(答复="去年因汛期停了两周，后来补上了")
    officer.press("交答复", says="后来补上了")
    officer, page = player.opens(OFFICER, "/todo", GREEN)
    officer.press("定标，发出合同", says="已定标")
    officer, page = player.opens(OFFICER, "/todo", "垃圾分类到楼栋：确认合同")
    officer.press("甲方确认合同", says="已确认")


def _pay(player: Player) -> None:
    payer, _ = player.opens(PAYER, "/todo", "银龄日间照料站：付中期款")
    payer.fill(收款户名="样样乐社会工作服务中心", 银行凭证号="样-2")
    payer.press("确认付款", says="没有“中期检查记录”，数据库拒绝付这一期款")
    manager, page = player.opens(APPLICANT, "/todo", "银龄日间照料站：提交节点报告")
    manager.fill(**{"做了什么，花了多少，有什么变化": "已服务四十位老人，花了一半的钱"})
    page.get_by_label("现场照片").set_input_files(
        {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo(400, 300)}
    )
    manager.press("提交报告", says="待审核")
    officer, page = player.opens(OFFICER, "/todo", "银龄日间照料站：审核报告")
    page.get_by_role("radio", name="通过", exact=True).check()
    officer.press("交审核结果", says="已通过")
    payer.press("确认付款")
    expect(payer.page.get_by_text("凭证号 样-2")).to_be_visible()


def test_the_books_are_clean_afterwards(product: Product) -> None:
    verified = product.yiji("verify")
    assert (verified.returncode, verified.stdout.splitlines()[-1]) == (0, "clean"), verified.stderr
