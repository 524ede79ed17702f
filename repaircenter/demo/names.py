"""Words of the sample world: people, cars, insurers, shops, lines and comments. All invented."""

from typing import Final

FIRST: Final = (
    "Éloïse",
    "Benoît",
    "Geneviève",
    "François",
    "Zoé",
    "Hélène",
    "Jérôme",
    "Chloé",
    "André",
    "Noémie",
    "Stéphane",
    "Mélanie",
    "Rémi",
    "Anaïs",
    "Frédéric",
    "Maëlle",
    "Émile",
    "Sébastien",
    "Valérie",
    "Loïc",
    "Jordan",
    "Emily",
    "Marc-André",
    "Karine",
    "Luc",
    "Sophie",
    "Patrick",
    "Nadia",
    "Hugo",
    "Camille",
)
# Those who repair, and those who receive the customer.
TECHNICIANS: Final = ("Yvan Débosseur", "Katia Peintre", "Simon Redresseur", "Olga Finition")
SERVICE_WRITERS: Final = ("Denise Accueil", "Paul Comptoir")
# Those who look at the damage for the insurers.
APPRAISERS: Final = ("Robin Constat", "Dominique Examen", "Pascale Vérification", "Alexis Mesure")
LAST: Final = (
    "Gagné-Côté",
    "Bélanger",
    "Lévesque",
    "Tremblay",
    "Côté",
    "Pépin",
    "Thérien",
    "Guérin",
    "Mélançon",
    "Brûlé",
    "Lefrançois",
    "Bérubé",
    "Hébert",
    "Légaré",
    "Desrosiers",
    "Nguyen",
    "O'Brien",
    "Ménard",
    "Séguin",
    "Théberge",
    "Fréchette",
    "Simard",
    "Paré",
    "Boisvert",
    "Lavallée",
    "Rhéaume",
    "Cléroux",
    "Dubé",
    "Gélinas",
    "Massé",
)
COMPANIES: Final = ("Plomberie Échantillon inc.", "Livraison Modèle ltée", "Toitures Fictives enr.")
STREETS: Final = ("rue de l'Église", "avenue des Érables", "boulevard Fictif", "rue Saint-Exemple", "chemin du Modèle")
CARS: Final = (
    ("Toyota", "Corolla", "4D SED"),
    ("Honda", "Civic", "4D SED"),
    ("Mazda", "CX-5", "4D UTV"),
    ("Ford", "F-150", "4D PKUP"),
    ("Hyundai", "Elantra", "4D SED"),
    ("Kia", "Sportage", "4D UTV"),
    ("Volkswagen", "Jetta", "4D SED"),
    ("Subaru", "Crosstrek", "4D UTV"),
    ("Nissan", "Rogue", "4D UTV"),
    ("Chevrolet", "Equinox", "4D UTV"),
)
COLOURS: Final = ("Gris foncé", "Bleu nuit", "Noir", "Blanc perlé", "Rouge", "Argent")
# (code, name, surveyed)
INSURERS: Final = (
    ("ASEX", "Assurances Exemple inc.", True),
    ("MUTM", "Mutuelle Modèle", True),
    ("BELV", "Bélvue Assurances", True),
    ("NORD", "Nordique Générale", True),
    ("SPEC", "Spécimen Casualty", False),
    ("ECHA", "Échantillon Directe", False),
)
# Whom shops call; a number nobody has.
SUPPORT_PHONE: Final = "1 800 555-0199"
# (name, city, region, tax id, phone, estimating system, estimators)
SHOPS: Final = (
    (
        "Carrosserie Saint-Laurent",
        "Montréal",
        "QC",
        "100000001RT0001",
        "5145550101",
        "C",
        ("Benoît Estimateur", "Mélissa Roy-Démo", "Karim Échantillon"),
    ),
    (
        "Carrosserie Sainte-Foy",
        "Québec",
        "QC",
        "100000002RT0001",
        "4185550102",
        "M",
        ("Josée Modèle", "Étienne Fictif", "Sara Prudhomme-Test"),
    ),
    (
        "Carrosserie Trois-Rivières",
        "Trois-Rivières",
        "QC",
        "100000003RT0001",
        "8195550103",
        "A",
        ("Luc Exemple", "Annie Spécimen", "Gaétan Prototype"),
    ),
)
# What an estimator's customers tend to give, on a scale of 1 to 10.
TENDENCY: Final = {
    "Benoît Estimateur": 9.1,
    "Mélissa Roy-Démo": 8.8,
    "Karim Échantillon": 8.3,
    "Josée Modèle": 9.3,
    "Étienne Fictif": 7.4,
    "Sara Prudhomme-Test": 8.7,
    "Luc Exemple": 8.1,
    "Annie Spécimen": 9.0,
    "Gaétan Prototype": 7.9,
}
PARTS: Final = (
    ("Revêtement de pare-chocs avant, apprêté", 389.0, 1.8),
    ("Absorbeur d'énergie", 96.5, 0.2),
    ("Aile avant gauche", 264.0, 2.1),
    ("Phare gauche complet", 512.4, 0.5),
    ("Calandre", 178.3, 0.4),
    ("Capot", 598.0, 1.2),
    ("Porte avant droite, panneau", 447.8, 4.5),
    ("Rétroviseur droit chauffant", 231.6, 0.4),
    ("Pare-boue avant gauche", 71.9, 0.3),
    ("Feu arrière droit", 189.9, 0.3),
    ("Hayon, débosseler", 0.0, 3.5),
    ("Aile arrière gauche, redresser", 0.0, 5.0),
    ("Renfort de pare-chocs", 214.7, 0.8),
    ("Moulure de bas de caisse", 88.2, 0.4),
)
GOOD: Final = (
    "Très bon service, voiture impeccable. Merci à toute l'équipe !",
    "On m'a tenu au courant à chaque étape, bravo.",
    "Accueil chaleureux et travail soigné.",
    "Ma voiture est comme neuve.",
    "Great work, thank you!",
    "Rapide, propre et courtois. Je recommande sans hésiter.",
)
FAIR: Final = (
    "Réparation correcte, mais il a fallu rappeler pour connaître la date.",
    "Un peu long, le résultat est bien.",
    "Le véhicule n'avait pas été lavé à l'intérieur.",
    "Good repair, slow communication.",
)
POOR: Final = (
    "Trois jours de retard et personne ne m'a prévenu.",
    "La peinture n'a pas la même teinte que la portière d'à côté.",
    "J'ai dû revenir deux fois pour le même bruit. Très déçue.",
    "Nobody called me back.",
)
