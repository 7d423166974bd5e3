/// <reference types="k6" />
