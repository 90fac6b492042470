package org.fuota;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which package may know which: it depends on those that its row names, and on no other of ours. */
class HouseTest {
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            entry(
                    "",
                    Set.of(
                            "attention",
                            "backup",
                            "blob",
                            "db",
                            "device",
                            "error",
                            "evidence",
                            "file",
                            "fleet",
                            "health",
                            "history",
                            "http",
                            "metrics",
                            "note",
                            "notify",
                            "poll",
                            "rollout",
                            "served",
                            "web")),
            entry("attention", Set.of("error", "web")),
            entry("backup", Set.of("blob", "error", "file", "web")),
            entry("device", Set.of("db", "error", "file", "history", "http", "web")),
            entry("poll", Set.of("db", "device", "error", "file", "http", "rollout", "web")),
            entry("rollout", Set.of("db", "device", "error", "file", "history", "http", "notify", "web")),
            entry("evidence", Set.of("device", "error", "file", "history", "poll")),
            entry(
                    "fleet",
                    Set.of(
                            "db",
                            "device",
                            "error",
                            "evidence",
                            "file",
                            "history",
                            "note",
                            "poll",
                            "rollout",
                            "served",
                            "web")),
            entry("file", Set.of("blob", "db", "error", "history", "http", "image", "web")),
            entry("blob", Set.of("db", "error", "http")),
            entry("health", Set.of("error", "web")),
            entry("history", Set.of("db", "error")),
            entry("http", Set.of("error")),
            entry("web", Set.of("error", "http")),
            entry("move", Set.of("blob", "db", "error", "file", "http")),
            entry("metrics", Set.of("error", "web")),
            entry("db", Set.of("error")),
            entry("error", Set.of()),
            entry("image", Set.of()),
            entry("note", Set.of("db", "device", "error", "history", "web")),
            entry("notify", Set.of("db", "error", "http", "web")),
            entry("served", Set.of("db", "evidence")),
            entry("setup", Set.of()),
            entry("simulate", Set.of("image")));

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.fuota");

    @Test
    void hasNoOtherArrows() {
        ARROWS.forEach((from, to) -> {
            DescribedPredicate<JavaClass> foreign = describe(
                    "of a package that " + packageName(from) + " doesn't know",
                    known -> known.getPackageName().startsWith("org.fuota")
                            && !known.getPackageName().equals(packageName(from))
                            && to.stream()
                                    .noneMatch(name -> known.getPackageName().equals(packageName(name))));
            noClasses()
                    .that()
                    .resideInAPackage(packageName(from))
                    .should()
                    .dependOnClassesThat(foreign)
                    .check(HOUSE);
        });
    }

    @Test
    void hasNoOtherPackages() {
        classes()
                .should()
                .resideInAnyPackage(
                        ARROWS.keySet().stream().map(HouseTest::packageName).toArray(String[]::new))
                .check(HOUSE);
    }

    @Test
    void hasNoCircles() {
        slices().matching("org.fuota.(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void deviceKnowsOnlyThePathTheUseAndTheAdviceOfAFile() {
        noClasses()
                .that()
                .resideInAPackage("org.fuota.device")
                .should()
                .dependOnClassesThat(describe(
                        "of file, but for FilePath, FileUse, and what an advice is on and tells",
                        known -> known.getPackageName().equals("org.fuota.file")
                                && !Set.of("FilePath", "FileUse", "Advice", "LastFile", "Recipients", "UploadEffect")
                                        .contains(known.getSimpleName())))
                .check(HOUSE);
    }

    @Test
    void onlyDbKnowsSql() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.fuota.db")
                .and()
                .haveNameNotMatching(".*(Store|Columns)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.sql")
                .check(HOUSE);
    }

    @Test
    void evidenceIsPure() {
        noClasses()
                .that()
                .resideInAPackage("org.fuota.evidence")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql", "java.io", "jakarta..")
                .orShould()
                .dependOnClassesThat()
                .haveSimpleNameEndingWith("Store")
                .check(HOUSE);
    }

    @Test
    void runsInAnyServletContainer() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.catalina..", "org.apache.tomcat..")
                .check(HOUSE);
    }

    private static String packageName(String name) {
        return name.isEmpty() ? "org.fuota" : "org.fuota." + name;
    }
}
