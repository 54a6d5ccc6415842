"""An organization registers, bids on a project, signs, is paid in tranches, and everybody reads the story.

The same tale at 390 px and at 1280 px. Days pass by moving the deadline and the end of publicity back:
the processes have no clock but the real one. Screenshots go to `YIJI_SCREENSHOTS`, if set.
"""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Browser, expect
from stdnum.cn.uscc import calc_check_digit

from core import clock
from core.demo import NEIGHBOUR, RESIDENT
from core.embedded.cluster import Cluster
from core.embedded.folder import prepare
from core.manifest import DemoAccount
from plugins.venture.demo.places import DISTRICT, EXPERTS, LUOJIANG, OFFICER, PAYER
from tests.conftest import _execute
from tests.core.files.pictures import photo
from tests.stories.conftest import Product
from tests.stories.visitor import BOTH_WIDTHS, IN_BROWSER, Visitor

pytestmark = IN_BROWSER


@dataclass
class Tale:
    """One telling, on one size of screen."""

    product: Product
    browser: Browser
    size: dict[str, int]

    def __post_init__(self) -> None:
        self.number = str(self.size["width"])
        self.organization, self.call = f"样信社工中心{self.number}", f"样例创投{self.number}"
        self._known: dict[str, Visitor] = {}

    def visitor(self, account: DemoAccount | None = None) -> Visitor:
        name = account.phone if account else ""
        if name not in self._known:
            self._known[name] = Visitor(self.browser, self.product.base, self.size, f"bid-{name}", account)
        return self._known[name]

    def let_time_pass(self, sql: str) -> None:
        cluster = Cluster(prepare(self.product.data))
        try:
            # In a thread: Playwright has a loop of its own running here.
            with ThreadPoolExecutor(1) as pool:
                pool.submit(asyncio.run, _execute(cluster.ensure(), sql)).result()
        finally:
            cluster.release()


@BOTH_WIDTHS
def test_an_organization_bids_and_everybody_sees_what_became_of_the_money(
    product: Product, browser: Browser, size: dict[str, int]
) -> None:
    tale = Tale(product, browser, size)
    _register(tale)
    call = _publish(tale)
    application = _apply(tale, call)
    _score(tale, call, application)
    _decide(tale, call)
    contract = _sign(tale, call)
    _pay(tale, contract)
    _read(tale, call)


def _register(tale: Tale) -> None:
    resident = tale.visitor(RESIDENT)
    resident.go("/organizations/new")
    code = f"52510604MJX{int(tale.number):06}"
    page = resident.page
    resident.fill(组织全称=tale.organization, 统一社会信用代码=code + "0")
    page.get_by_label("组织类型").select_option(label="社会服务机构")
    page.get_by_label("所在地区").select_option(label="四川省 德阳市 罗江区 万安镇")
    if calc_check_digit(code) != "0":
        resident.press("提交审核", says="统一社会信用代码不对，请照证书再核对一遍")
    resident.fill(统一社会信用代码=code + calc_check_digit(code))
    resident.press("提交审核", says="已经交给所在地区的工作人员")

    staff = tale.visitor(DISTRICT)
    staff.go("/todo").get_by_role("link", name=re.compile(tale.organization)).first.click()
    staff.page.get_by_role("radio", name="通过", exact=True).check()
    staff.press("交审核结果")
    expect(staff.page).to_have_url(re.compile("/organizations$"))


def _publish(tale: Tale) -> str:
    officer, payer = tale.visitor(OFFICER), tale.visitor(PAYER)
    page = officer.go("/venture/calls/new")
    officer.fill(**{"名称": tale.call, "资助什么，谁可以申报": "资助陪伴老人的项目", "总预算 (元)": "50000"})
    officer.fill(**{"每个项目最多 (元)": "30000", "申报截止日": str(clock.today() + timedelta(days=3))})
    officer.fill(**{"合同生效后": "60", "中期检查通过后": "30", "结项验收通过后": "10"})
    officer.fill(**{"标准 1": "需求", "权重 1": "40", "标准 2": "方案", "权重 2": "50"})
    officer.press("存为草稿", says="各项评分标准的权重要加到 100，现在是 90")
    officer.fill(**{"权重 2": "60"})
    officer.press("存为草稿")
    desk = page.url
    officer.press("发布", says="账上到位 0.00 元，少于预算 50,000.00 元")
    payer.go(desk)
    payer.fill(**{"金额 (元)": "50,000", "银行凭证号": "样 1"})
    payer.press("登记")
    officer.go(desk)
    officer.press("发布", says="申报中")
    for expert in EXPERTS:
        officer.fill(姓名=expert.name, 手机号=expert.phone)
        officer.press("聘请", says=expert.name)
    return desk.removesuffix("/desk")


def _apply(tale: Tale, call: str) -> str:
    manager = tale.visitor(RESIDENT)
    page = manager.go(call)
    page.get_by_role("link", name="申报项目").click()
    page.get_by_label("申报的组织").select_option(label=tale.organization)
    manager.fill(**{"项目名称": f"暖心陪伴{tale.number}", "需求：谁缺什么": "独居老人缺人陪"})
    manager.fill(**{"做什么，怎么做，什么时候做": "每周两次上门", "受益人数": "40", "申请金额 (元)": "30001"})
    manager.press("下一步：写预算", says="最多 30,000.00 元")
    manager.fill(**{"申请金额 (元)": "29999.99"})
    manager.press("下一步：写预算", says="还没有提交")
    application = page.url
    for item, quantity, price in (("社工", "10", "2000"), ("物料", "1", "9999.99")):
        manager.press("提交申报", says="和申请金额 29,999.99 元不一致")
        page.get_by_label("类别").select_option(label="人员劳务")
        manager.fill(**{"用途": item, "数量": quantity, "单价 (元)": price})
        manager.press("加这一行", says=item)
    page.get_by_label("加一个附件").set_input_files(
        {"name": "证书.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    manager.press("上传")
    manager.press("提交申报", says="已提交")
    tale.visitor(OFFICER).go(f"{call}/desk")
    tale.visitor(OFFICER).look()
    return application


def _score(tale: Tale, call: str, application: str) -> None:
    officer = tale.visitor(OFFICER)
    tale.let_time_pass(
        f"update venture_call set closes_at = now() - interval '1 hour' where title = '{tale.call}'"
    )
    officer.go(f"{call}/desk")
    officer.press("开始评审", says="还有 3 份评分没有交")
    for seat, account in enumerate(EXPERTS):
        officer.press("公布排名，开始公示", says=f"还有 {3 - seat} 份评分没有交，全部交齐才能公布排名")
        expert = tale.visitor(account)
        page = expert.go(f"{application}/review")
        expect(page.get_by_role("main")).not_to_contain_text("独居老人缺人陪")
        page.get_by_role("radio", name="没有利益关系").check()
        expert.press("交声明", says="独居老人缺人陪")
        expert.fill(**{"需求 (权重 40)": "90", "方案 (权重 60)": str(80 + seat)})
        expert.press("提交并封存")
    officer.press("公布排名，开始公示", says="结果公示")


def _decide(tale: Tale, call: str) -> None:
    officer, neighbour = tale.visitor(OFFICER), tale.visitor(NEIGHBOUR)
    page = neighbour.go(call)
    expect(page.get_by_role("main")).to_contain_text("84.60 分")
    page.get_by_text("对结果有异议？").click()
    page.get_by_label("哪个项目").select_option(label=f"暖心陪伴{tale.number}")
    neighbour.fill(事实和理由="请说明社工的资质")
    neighbour.press("提交异议", says="等待答复")
    officer.go(f"{call}/desk")
    officer.press("定标，发出合同", says="公示期满才能定标")
    tale.let_time_pass(
        f"update venture_call set publicity_until = current_date - 2 where title = '{tale.call}'"
    )
    officer.press("定标，发出合同", says="还有 1 条异议没有答复")
    officer.page.get_by_role("radio", name="异议不成立").check()
    officer.fill(答复="三位社工都持证")
    officer.press("交答复", says="三位社工都持证")
    officer.press("定标，发出合同", says="已定标")


def _sign(tale: Tale, call: str) -> str:
    officer, manager = tale.visitor(OFFICER), tale.visitor(RESIDENT)
    manager.go("/todo").get_by_role("link", name=re.compile(f"暖心陪伴{tale.number}")).first.click()
    contract = manager.page.url
    manager.press("乙方确认合同", says="已确认")
    officer.go(contract)
    officer.press("甲方确认合同", says="17,999.99")
    return contract


def _pay(tale: Tale, contract: str) -> None:
    officer, payer, manager = tale.visitor(OFFICER), tale.visitor(PAYER), tale.visitor(RESIDENT)
    officer.press("申请拨款")
    payer.go(contract)
    payer.fill(收款户名="某某个人", 银行凭证号="P1")
    payer.press("确认付款", says="收款户名要和登记的组织全称一致")
    payer.fill(收款户名=tale.organization)
    payer.press("确认付款", says="已拨付")
    officer.go(contract)
    officer.press("申请拨款")
    payer.go(contract)
    payer.fill(收款户名=tale.organization, 银行凭证号="P2")
    payer.press("确认付款", says="没有“中期检查记录”，数据库拒绝付这一期款")

    page = manager.go(contract)
    manager.fill(**{"做了什么，花了多少，有什么变化": f"已上门二十次，{tale.number}"})
    manager.press("提交报告", says="请附一张现场照片")
    page.get_by_label("现场照片").set_input_files(
        {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo(400, 300)}
    )
    manager.press("提交报告", says="待审核")
    officer.go(contract)
    officer.page.get_by_role("radio", name="通过", exact=True).check()
    officer.press("交审核结果")
    payer.press("确认付款", says="8,999.99")
    expect(payer.page.get_by_text("凭证号 P2")).to_be_visible()


def _read(tale: Tale, call: str) -> None:
    visitor = tale.visitor()
    page = visitor.go(call)
    main = page.get_by_role("main")
    expect(main).to_contain_text("已拨付 26,999.98 元 (2 / 3 期)")
    expect(main).to_contain_text("公示期间收到异议 1 条，已答复 1 条。")
    expect(main).not_to_contain_text("请说明社工的资质")
    page.get_by_role("link", name=re.compile(f"暖心陪伴{tale.number}")).click()
    expect(page.get_by_role("heading", name=f"暖心陪伴{tale.number}")).to_be_visible()
    visitor.look()
    expect(main).to_contain_text(f"{LUOJIANG.centre}资助，合同生效")
    expect(main).to_contain_text(f"已上门二十次，{tale.number}")
    expect(main.get_by_role("img", name=re.compile("照片"))).to_be_visible()
    visitor.go(f"/venture?words={tale.call}")


def test_the_books_are_clean_afterwards(product: Product) -> None:
    verified = product.yiji("verify")
    assert (verified.returncode, verified.stdout.splitlines()[-1]) == (0, "clean"), verified.stderr
